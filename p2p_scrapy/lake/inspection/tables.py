"""The look that the report's tables share."""

from rich import box
from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

_INDENT = 2


def heading(title: str, note: str = "") -> Text:
    """A line above a table."""
    return Text.assemble("\n", (title, "bold"), (f"  {note}" if note else "", "dim"))


def columns(*names: str, words: int = 1) -> Table:
    """A table whose first ``words`` columns are text, the others numbers."""
    table = Table(
        box=box.SIMPLE_HEAD,
        show_edge=False,
        pad_edge=False,
        padding=(0, 1, 0, 0),
        header_style="dim",
    )
    for place, name in enumerate(names):
        table.add_column(name, justify="left" if place < words else "right", no_wrap=True)
    return table


def indented(thing: RenderableType) -> RenderableType:
    """Below a heading."""
    return Padding(thing, (0, 0, 0, _INDENT), expand=False)
