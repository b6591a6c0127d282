-- The role that Grafana reads the warehouse with: PostgreSQL's image runs this once, on an empty volume.
-- What p2p_reader may read is granted by the warehouse's own migrations, when the first batch is loaded.
\getenv password GRAFANA_WAREHOUSE_PASSWORD
CREATE ROLE p2p_reader NOLOGIN;
CREATE ROLE grafana LOGIN PASSWORD :'password' IN ROLE p2p_reader;
