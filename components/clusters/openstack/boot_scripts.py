"""What a machine runs when it comes up for the first time, and the rules that it keeps. Pure: text, no secret in it."""

READY = "slipway: ready"
"""Begins the console line of a machine that is ready; after it comes its SSH host key, the public half."""
FAILED = "slipway: failed"
"""Begins the console line of a machine that will not get ready."""
DEVICE_SECONDS = 300
"""How long the volume for data is waited for: it is attached when the machine is there."""
PACKAGE_TRIES = 20
"""How often packages are asked for, 15 s apart: the network's way out may come after the machine."""

SSHD = """\
# Docker over SSH opens a connection for each request, and many at once
MaxStartups 100
MaxSessions 100
# one host key: the one that the console tells
HostKey /etc/ssh/ssh_host_ed25519_key
PasswordAuthentication no
PermitRootLogin no
"""
"""https://man.openbsd.org/sshd_config; of what is said twice the first counts, and its folder is read in order."""

METADATA_RULES = """\
# what is forwarded comes from containers: none of them asks the cloud what this machine was given
table inet slipway
delete table inet slipway
table inet slipway {
  chain forward {
    type filter hook forward priority filter - 10;
    ip daddr 169.254.169.254 drop
    ip6 daddr fe80::a9fe:a9fe drop
  }
  chain output {
    # a container in the host's network, but as root
    type filter hook output priority filter - 10;
    ip daddr 169.254.169.254 meta skuid != 0 drop
    ip6 daddr fe80::a9fe:a9fe meta skuid != 0 drop
  }
}
"""
"""A table of its own, before Docker's: what is dropped here no rule of another table brings back
(https://wiki.nftables.org/wiki-nftables/index.php/Configuring_chains#Base_chain_priority)."""

METADATA_UNIT = """\
[Unit]
Description=Containers cannot reach the metadata service
Before=docker.service

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/usr/sbin/nft -f /etc/slipway/metadata.nft

[Install]
WantedBy=multi-user.target
RequiredBy=docker.service
"""
"""Required: where the rules cannot be set, no container starts."""

DATA = """\
#!/bin/sh
# Docker's volumes are on a volume of their own: formatted if it is blank, never if anything is on it.
set -eu
device=/dev/disk/by-id/virtio-$1
other=/dev/disk/by-id/scsi-0QEMU_QEMU_HARDDISK_$2
waited=0
while [ ! -e "$device" ] && [ ! -e "$other" ]; do
  if [ "$waited" -ge @SECONDS@ ]; then
    echo "the volume $2 is not attached" >&2
    exit 1
  fi
  waited=$((waited + 1))
  sleep 1
done
[ -e "$device" ] || device=$other
# what cannot be read is not blank
dd if="$device" of=/dev/null bs=1M count=1 2>/dev/null
found=0
blkid -p "$device" >/dev/null || found=$?
case $found in
  0) ;;
  2) mkfs.ext4 -q -m 0 -L slipway-data "$device" ;;
  *)
    echo "it is not clear what is on the volume $2 (blkid: $found); it is left as it is" >&2
    exit 1
    ;;
esac
kind=$(blkid -p -s TYPE -o value "$device")
if [ "$kind" != ext4 ]; then
  echo "the volume $2 has ${kind:-no file system}, not ext4; it is left as it is" >&2
  exit 1
fi
id=$(blkid -p -s UUID -o value "$device")
if ! grep -q "^UUID=$id " /etc/fstab; then
  mkdir -p /srv/slipway /var/lib/docker/volumes
  echo "UUID=$id /srv/slipway ext4 defaults,nofail,x-systemd.device-timeout=@SECONDS@ 0 2" >>/etc/fstab
  echo "/srv/slipway/volumes /var/lib/docker/volumes none bind,nofail,x-systemd.requires-mounts-for=/srv/slipway 0 0" \\
    >>/etc/fstab
  systemctl daemon-reload
fi
mountpoint -q /srv/slipway || mount /srv/slipway
mkdir -p /srv/slipway/volumes
mountpoint -q /var/lib/docker/volumes || mount /var/lib/docker/volumes
""".replace("@SECONDS@", str(DEVICE_SECONDS))
"""Its arguments: the volume's ID, cut to the 20 characters that a virtio disk tells, and whole, as a SCSI disk does
(https://docs.openstack.org/nova/latest/user/block-device-mapping.html). `blkid -p` says 2 where it finds nothing."""

DOCKER_NEEDS_DATA = """\
[Unit]
RequiresMountsFor=/var/lib/docker/volumes
# without it a container would write beside the volume
AssertPathIsMountPoint=/var/lib/docker/volumes
"""

SETUP = """\
#!/bin/sh
# What this machine becomes, once. What it says is on the console, where the one who made it reads it.
set -eu
say() {
  echo "slipway: $*" >/dev/console
  echo "slipway: $*"
}
step=begin
trap 'code=$?; [ "$code" = 0 ] || say "failed at: $step"' EXIT
packages() {
  tries=0
  # with what is recommended: from Debian 13 on, the client of docker.io is
  until apt-get -q update && DEBIAN_FRONTEND=noninteractive apt-get -q install -y "$@"; do
    tries=$((tries + 1))
    [ "$tries" -lt @TRIES@ ] || return 1
    sleep 15
  done
}
step="sshd takes its settings"
say "$step"
systemctl restart ssh
step="what closes the metadata service is installed"
say "$step"
packages nftables
systemctl daemon-reload
systemctl enable --now slipway-metadata.service
@DATA@
step="the Docker Engine is installed"
say "$step"
packages @PACKAGES@
step="the Docker Engine answers"
say "$step"
systemctl enable --now docker.service
docker version >/dev/null
mkdir -p /var/lib/slipway
touch /var/lib/slipway/ready
say "ready $(cut -d ' ' -f 1,2 /etc/ssh/ssh_host_ed25519_key.pub)"
"""
WITH_DATA = """\
step="the volume for data is mounted"
say "$step"
/usr/local/sbin/slipway-data {short} {whole}"""


def setup(packages: str, volume: str | None) -> str:
    """The script of the first start.

    Args:
        packages: names of those that make an Engine, with spaces between.
        volume: ID of the volume for data; None: there is none.
    """
    data = "" if volume is None else WITH_DATA.format(short=volume[:20], whole=volume)
    text = SETUP.replace("@TRIES@", str(PACKAGE_TRIES)).replace("@PACKAGES@", packages)
    return text.replace("@DATA@\n", f"{data}\n" if data else "")
