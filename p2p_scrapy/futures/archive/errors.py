"""What can go wrong with the archive.

P2PError
└── ArchiveError
    ├── ArchiveLinkError      no answer, or none that can be used, after all retries
    │   ├── ListingError      it cannot be said what the archive holds
    │   └── StoppedError      the run is ending, so nothing more is asked
    ├── PassingError          one try came to nothing, and the next may not
    ├── AbsentError           HTTP 404: the archive has no such file, which is data and no failure
    ├── ChecksumError         the bytes are not those of the CHECKSUM, or it tells nothing
    └── ContentError          the bytes are right, and what they say cannot be read
        └── OutOfOrderError   the rows are not in the order of their ids
"""

from p2p_scrapy.errors import P2PError


class ArchiveError(P2PError):
    """Something of the archive is not as it should be; the message names file and reason."""


class ArchiveLinkError(ArchiveError):
    """No answer came, or none that can be used, after all retries."""


class ListingError(ArchiveLinkError):
    """The listing is not what S3 gives."""


class StoppedError(ArchiveLinkError):
    """The run is ending, so nothing more is asked."""


class PassingError(ArchiveError):
    """One try came to nothing; ``pause`` is how many seconds the archive wants us to wait."""

    def __init__(self, message: str, pause: float | None = None) -> None:
        super().__init__(message)
        self.pause = pause


class AbsentError(ArchiveError):
    """HTTP 404: the archive has no such file."""


class ChecksumError(ArchiveError):
    """The CHECKSUM is absent or unreadable, or the bytes are not those it tells of."""


class ContentError(ArchiveError):
    """The bytes are right by their CHECKSUM, and what they say cannot be read."""


class OutOfOrderError(ContentError):
    """The rows are not in the order of their ids."""
