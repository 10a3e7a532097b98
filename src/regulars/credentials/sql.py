"""SQL of keys, written by hand."""

COLUMNS = "id, digest, source, {scopes}, revoked_at, expires_at, used_at"
OF_MARK = "FROM credentials_apikey WHERE mark = %s"
KEY = {
    "sqlite": f"SELECT {COLUMNS.format(scopes='scopes')} {OF_MARK}",
    "postgresql": f"SELECT {COLUMNS.format(scopes='CAST(scopes AS text)')} {OF_MARK}",
}
