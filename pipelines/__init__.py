"""An ad's way through the collector, one step a module: docs/pipelines.md."""
