"""Ads as CSV."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec
from scrapy.exporters import CsvItemExporter


class AdCsvExporter(CsvItemExporter):
    """CSV whose lists are JSON text and whose times are ISO 8601 with their zone."""

    def finish_exporting(self) -> None:
        """Name the columns of a feed without an ad too: a table of no row is still a table."""
        if self._headers_not_written and self.fields_to_export:
            self._write_headers_and_set_fields_to_export(None)
        super().finish_exporting()

    def serialize_field(self, field: Mapping[str, Any], name: str, value: Any) -> Any:
        """The text of a value that CSV has no own form for; all else as Scrapy does it."""
        if isinstance(value, list):
            return msgspec.json.encode(value).decode()
        if isinstance(value, datetime):
            return value.isoformat()
        return super().serialize_field(field, name, value)
