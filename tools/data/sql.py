"""Names and texts as SQL has them."""


def quoted(name: str) -> str:
    """A column name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: object) -> str:
    """Text as an SQL string."""
    return "'" + str(text).replace("'", "''") + "'"
