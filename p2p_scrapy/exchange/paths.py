"""The paths of the real service."""

SEARCH_PATH = "/bapi/c2c/v2/friendly/c2c/adv/search"
TRAP_PATH = "/bapi/c2c/v2/public/c2c/adv/search"
"""Answers 200 and no ads for the body that gives ads above (a probe of 2026-10-11)."""
FIAT_LIST_PATH = "/bapi/c2c/v1/friendly/c2c/trade-rule/fiat-list"
PORTAL_PATH = "/bapi/c2c/v2/friendly/c2c/portal/config"
CONDITIONS_PATH = "/bapi/c2c/v2/public/c2c/adv/filter-conditions"
PROFILE_PATH = "/bapi/c2c/v2/friendly/c2c/user/profile-and-ads-list"
