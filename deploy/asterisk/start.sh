#!/bin/sh
# Writes down the one telephone, and becomes Asterisk.
set -eu
folder=${CONFIGURATION_FOLDER:-/etc/asterisk}
umask 077
cat > "$folder/pjsip.conf" << END
[udp]
type = transport
protocol = udp
bind = 0.0.0.0:5060
; telephones are outside the network of the containers
local_net = 172.16.0.0/12
external_signaling_address = ${HOST_ADDRESS:?the address of this host as telephones see it}
external_media_address = $HOST_ADDRESS

[phone]
type = endpoint
context = telephones
disallow = all
allow = ulaw,alaw
direct_media = no
rtp_symmetric = yes
force_rport = yes
rewrite_contact = yes
auth = phone
aors = phone

[phone]
type = auth
auth_type = userpass
username = phone
password = ${SIP_PASSWORD:?the password of the telephone}

[phone]
type = aor
max_contacts = 4
END
exec asterisk -f -C "$folder/asterisk.conf"
