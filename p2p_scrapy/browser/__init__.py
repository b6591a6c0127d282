"""The browser road: questions sent from inside a page of a real Chromium (docs/browser.md)."""
