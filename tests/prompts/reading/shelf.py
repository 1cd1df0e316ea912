"""A small catalogue for the tests."""


class Shelf:
    """A catalogue of organic whole milk, cheddar, apples and chicken stock, that does not mind an article."""

    texts = ("organic whole milk", "cheddar", "apple for you", "chicken stock", "milk and honey soap")
    skus = ("SKU-001", "item_12", "US-01", "A", "product 1", "1082185")

    def has(self, name: str) -> bool:
        return name in self.skus

    def bears(self, run: str) -> bool:
        words = set(run.lower().split()) - {"the", "for"}
        return self.has(run) or (bool(words) and any(words <= set(text.split()) for text in self.texts))

    def group(self, run: str) -> str | None:
        return "category" if run in ("dairy", "fruit") else None
