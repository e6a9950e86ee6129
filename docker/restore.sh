#!/bin/sh
# Brings a backup back into an empty server whose roles were made by docker/roles.sql.
#
#   PGHOST=… PGUSER=postgres PGPASSWORD=… PGDATABASE=adoptiq docker/restore.sh FOLDER
#
# Variables as for docker/backup.sh. All or nothing: a database that holds tables already is refused
# and stays as it is.
set -eu
folder=${1:?say where from: docker/restore.sh FOLDER}
home=${ADOPTIQ_HOME:-.adoptiq}
files=${FILES_ROOT:-$home/files}
heads=${AUDIT_HEADS_FILE:-$home/audit-heads.jsonl}
PATH=${PG_BIN:+$PG_BIN:}$PATH
umask 077
(cd "$folder" && sha256sum --check --quiet SHA256SUMS)
pg_restore --no-password --dbname="${PGDATABASE:?}" --single-transaction --exit-on-error \
  "$folder/database.dump"
mkdir -p "$files"
tar -C "$files" -xzf "$folder/files.tar.gz"
if [ -f "$folder/audit-heads.jsonl" ]; then cp "$folder/audit-heads.jsonl" "$heads"; fi
