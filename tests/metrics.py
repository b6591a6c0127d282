"""What a text of metrics says, by Prometheus's own parser."""

from prometheus_client.parser import text_string_to_metric_families


class Said:
    """The series of a text; ask by name and labels."""

    def __init__(self, text):
        self.text = text
        self.values = {
            (sample.name, frozenset(_plain(sample.labels).items())): sample.value
            for family in text_string_to_metric_families(text)
            for sample in family.samples
        }

    def __call__(self, name, **labels):
        """The value of one series, or None."""
        return self.values.get((name, frozenset(labels.items())))

    def total(self, name, **labels):
        """The sum of all series of that name that have these labels."""
        wanted = set(labels.items())
        found = ((*series, value) for series, value in self.values.items())
        return sum(value for each, theirs, value in found if each == name and wanted <= theirs)

    def by(self, name, *labels):
        """All series of that name, by the values of some labels."""
        return {
            tuple(dict(theirs)[label] for label in labels): value
            for (each, theirs), value in self.values.items()
            if each == name
        }


def said_in(folder):
    """What the state file of a data folder says."""
    return Said((folder / "metrics/p2p.prom").read_text("utf-8"))


def _plain(labels):
    """Labels with the bound of a bucket as Go writes it: 60 for 60.0."""
    return labels | ({"le": f"{float(labels['le']):g}"} if "le" in labels else {})
