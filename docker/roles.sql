-- The database roles of AdoptIQ and what each may do. Run by a superuser through psql, as often as
-- wanted. Values come from the environment, or from psql variables (-v app_password=...):
--
--   ADOPTIQ_DATABASE         database        the database to make and to grant in; default adoptiq
--   ADOPTIQ_OWNER_PASSWORD   owner_password  adoptiq_owner: migrates, owns every table
--   ADOPTIQ_APP_PASSWORD     app_password    adoptiq_app:   web and workers, rows only
--   ADOPTIQ_OPS_PASSWORD     ops_password    adoptiq_ops:   named commands across workspaces
--
-- No role is a superuser or bypasses row security: what ops may see, policies say.

\set ON_ERROR_STOP on
\getenv database ADOPTIQ_DATABASE
\getenv owner_password ADOPTIQ_OWNER_PASSWORD
\getenv app_password ADOPTIQ_APP_PASSWORD
\getenv ops_password ADOPTIQ_OPS_PASSWORD
\if :{?database}
\else
  \set database adoptiq
\endif
SET client_min_messages = warning;

\if :{?owner_password}
\else
  DO $$ BEGIN RAISE EXCEPTION 'ADOPTIQ_OWNER_PASSWORD is not set'; END $$;
\endif
\if :{?app_password}
\else
  DO $$ BEGIN RAISE EXCEPTION 'ADOPTIQ_APP_PASSWORD is not set'; END $$;
\endif
\if :{?ops_password}
\else
  DO $$ BEGIN RAISE EXCEPTION 'ADOPTIQ_OPS_PASSWORD is not set'; END $$;
\endif

-- Roles belong to the server, not to a database.
SELECT format('CREATE ROLE %I', name)
FROM unnest(ARRAY['adoptiq_owner', 'adoptiq_app', 'adoptiq_ops']) AS name
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name)
\gexec
ALTER ROLE adoptiq_owner LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOREPLICATION
  PASSWORD :'owner_password';
ALTER ROLE adoptiq_app LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOREPLICATION
  PASSWORD :'app_password';
ALTER ROLE adoptiq_ops LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOREPLICATION
  PASSWORD :'ops_password';
-- No login inherits another's rights.
SELECT format('REVOKE %I FROM %I', granted.rolname, member.rolname)
FROM pg_auth_members AS link
JOIN pg_roles AS granted ON granted.oid = link.roleid
JOIN pg_roles AS member ON member.oid = link.member
WHERE member.rolname IN ('adoptiq_owner', 'adoptiq_app', 'adoptiq_ops')
\gexec
ALTER ROLE adoptiq_app SET idle_in_transaction_session_timeout = '30s';

SELECT format('CREATE DATABASE %I OWNER adoptiq_owner', :'database')
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'database')
\gexec
ALTER DATABASE :"database" OWNER TO adoptiq_owner;
REVOKE ALL ON DATABASE :"database" FROM PUBLIC;
-- Temporary tables take COPY, which policed tables refuse.
GRANT CONNECT, TEMPORARY ON DATABASE :"database" TO adoptiq_app, adoptiq_ops;

\connect :"database"
SET client_min_messages = warning;
ALTER SCHEMA public OWNER TO adoptiq_owner;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO adoptiq_app, adoptiq_ops;
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS btree_gist;

-- Only tables still to come: a migration may have taken rights away from one that exists.
ALTER DEFAULT PRIVILEGES FOR ROLE adoptiq_owner IN SCHEMA public
  GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO adoptiq_app, adoptiq_ops;
ALTER DEFAULT PRIVILEGES FOR ROLE adoptiq_owner IN SCHEMA public
  GRANT USAGE, SELECT ON SEQUENCES TO adoptiq_app, adoptiq_ops;
