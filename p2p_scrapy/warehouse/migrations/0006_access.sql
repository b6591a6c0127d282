-- A role that may look and nothing else; it is the whole server's, so it may stand already. Where
-- this user may not make roles, the schema is there all the same, and a notice says what is not.
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'p2p_reader') THEN
        CREATE ROLE p2p_reader NOLOGIN;
    END IF;
    GRANT USAGE ON SCHEMA market, warehouse TO p2p_reader;
    GRANT SELECT ON ALL TABLES IN SCHEMA market, warehouse TO p2p_reader;
    GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA market, warehouse TO p2p_reader;
    ALTER DEFAULT PRIVILEGES IN SCHEMA market, warehouse GRANT SELECT ON TABLES TO p2p_reader;
EXCEPTION WHEN insufficient_privilege OR duplicate_object THEN
    RAISE NOTICE 'the role p2p_reader could not be set up: %', SQLERRM;
END $$;

DO $$
BEGIN
    -- A setting that somebody has made for the database is left as it is.
    IF NOT EXISTS (
        SELECT FROM pg_db_role_setting s
        JOIN pg_database d ON d.oid = s.setdatabase AND s.setrole = 0
        WHERE d.datname = current_database() AND s.setconfig::text LIKE '%search_path=%'
    ) THEN
        EXECUTE format('ALTER DATABASE %I SET search_path = market, public', current_database());
    END IF;
EXCEPTION WHEN insufficient_privilege THEN
    RAISE NOTICE 'search_path could not be set for the database: %', SQLERRM;
END $$;
