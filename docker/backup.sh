#!/bin/sh
# Writes everything that cannot be made again to a folder: database, files, published audit heads.
#
#   PGHOST=… PGUSER=postgres PGPASSWORD=… PGDATABASE=adoptiq docker/backup.sh FOLDER
#
# PGUSER must be a role that row security does not bind. For any other pg_dump stops, since it would
# leave rows out.
#
#   FILES_ROOT, AUDIT_HEADS_FILE   as in the environment of web and workers; default: in ADOPTIQ_HOME
#   PG_BIN                         folder of pg_dump, when it is not in the PATH; not older than the server
#
# It may run while people work: the dump is the state of one moment. Valkey needs no backup.
set -eu
folder=${1:?say where to: docker/backup.sh FOLDER}
home=${ADOPTIQ_HOME:-.adoptiq}
files=${FILES_ROOT:-$home/files}
heads=${AUDIT_HEADS_FILE:-$home/audit-heads.jsonl}
PATH=${PG_BIN:+$PG_BIN:}$PATH
umask 077
mkdir -p "$folder" "$files"
# The database before the files: a file too many does no harm, one too few would be missed.
pg_dump --no-password --format=custom --file="$folder/database.dump"
tar -C "$files" -czf "$folder/files.tar.gz" .
if [ -f "$heads" ]; then cp "$heads" "$folder/audit-heads.jsonl"; fi
cd "$folder"
sha256sum database.dump files.tar.gz > SHA256SUMS
