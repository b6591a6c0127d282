"""The Arrow schemas, derived from the item classes so that there is nothing to keep in step."""

from datetime import datetime
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints

import pyarrow as pa

from items.ad import AD_COLUMNS, Ad
from items.sweep import SWEEP_COLUMNS, Sweep

SCHEMA_VERSION = "1"
"""Written into every file; a reader that meets another one knows what it has before it."""

_SCALARS: dict[Any, pa.DataType] = {
    str: pa.string(),
    float: pa.float64(),
    int: pa.int64(),
    bool: pa.bool_(),
    datetime: pa.timestamp("us", tz="UTC"),
}


def arrow_type(hint: Any) -> pa.DataType:
    """The Arrow type of a field's annotation: ``X | None`` is X, ``list[X]`` a list of X.

    Raises:
        KeyError: the annotation has no Arrow type here.
    """
    if isinstance(hint, UnionType):
        (hint,) = (part for part in get_args(hint) if part is not NoneType)
    if get_origin(hint) is list:
        return pa.list_(arrow_type(get_args(hint)[0]))
    return _SCALARS[hint]


def _schema(item: type, columns: tuple[str, ...]) -> pa.Schema:
    hints = get_type_hints(item)
    fields = [pa.field(name, arrow_type(hints[name])) for name in columns]
    return pa.schema(fields, metadata={"schema_version": SCHEMA_VERSION})


AD_SCHEMA = _schema(Ad, AD_COLUMNS)
SWEEP_SCHEMA = _schema(Sweep, SWEEP_COLUMNS)
