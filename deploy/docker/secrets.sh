#!/bin/sh
# Prints what compose.yaml wants in .env: new keys and passwords. Once: a new vault key cannot read what an old one sealed.
#   (umask 077; set -C; sh deploy/docker/secrets.sh > .env)
set -eu
hex() { od -An -tx1 -N24 /dev/urandom | tr -d ' \n'; }

echo "RAPIDA_VAULT_KEY=$(head -c 32 /dev/urandom | base64)"
echo "POSTGRES_PASSWORD=$(hex)"
echo "REDIS_PASSWORD=$(hex)"
echo "# Of the telephone 'phone' at Asterisk"
echo "SIP_PASSWORD=$(hex)"
echo "# The address of this host as telephones see it"
echo "HOST_ADDRESS=127.0.0.1"
