"""What mkdocs is told of this repository: pages that lie outside docs/ are on the site, too, and links lead to them."""

import posixpath
import re

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

OUTSIDE = {  # files of the repository, and what they are called on the site
    "README.md": "START.md",
    "CONTRIBUTING.md": "CONTRIBUTING.md",
    "CHANGELOG.md": "CHANGELOG.md",
    "finetune/README.md": "FINETUNING.md",
}
LINK = re.compile(r"(\]\()(?!https?:|#|/)([^)\s#]+)")


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages that lie outside docs/."""
    root = posixpath.dirname(config.config_file_path)
    for path, name in OUTSIDE.items():
        files.append(File.generated(config, name, abs_src_path=f"{root}/{path}"))
    return files


def on_page_markdown(markdown: str, *, page: Page, **_: object) -> str:
    """Links as they hold in the repository, turned into links as they hold on the site."""
    here = page.file.src_uri
    there = {name: path for path, name in OUTSIDE.items()}.get(here, f"docs/{here}")

    def turned(link: re.Match[str]) -> str:
        path = posixpath.normpath(posixpath.join(posixpath.dirname(there), link[2]))
        name = OUTSIDE.get(path, path.removeprefix("docs/"))
        return link[1] + posixpath.relpath(name, posixpath.dirname(here) or ".")

    return LINK.sub(turned, markdown)
