"""Arrow's functions and the types of a column.

The functions are taken untyped: their stubs know arrays of one kind at a time, and refuse most
calls on a column whose kind is only known when a file is read.
"""

from typing import Any, TypeAlias

import pyarrow as pa
import pyarrow.compute

Values: TypeAlias = "pa.Array[Any]"
Lists: TypeAlias = "pa.ListArray[Any]"
Column: TypeAlias = "pa.ChunkedArray[Any] | pa.Array[Any]"

pc: Any = pyarrow.compute
