"""OpenStack Swift with its S3 interface: all four servers in one process, on loopback, in the folder that is named.

Arguments: folder, account, user, secret. Prints the port on which it speaks S3; ends when its standard input does.
"""

import os
import sys

import eventlet
import eventlet.patcher
import eventlet.tpool

eventlet.patcher.monkey_patch()

# Nothing here pulls the plug.
os.fsync = os.fdatasync = lambda _: None

from eventlet import wsgi
from swift.common import utils

# What /etc/swift/swift.conf would say; it is read as the servers are loaded.
utils.HASH_PATH_PREFIX = b"vitrine"
utils.HASH_PATH_SUFFIX = b"vitrine"

from swift.account.server import app_factory as account_server
from swift.common.middleware import catch_errors, tempauth
from swift.common.middleware.s3api import s3api
from swift.common.ring import RingBuilder
from swift.container.server import app_factory as container_server
from swift.obj.server import app_factory as object_server
from swift.proxy.server import app_factory as proxy_server

HOST = "127.0.0.1"


class NoCache:
    """In the place of memcached: a cache may forget at any time, and this one does at once."""

    def get(self, *_, **__):
        return None

    def set(self, *_, **__):
        pass

    delete = set


def write_ring(folder, name, port):
    """Says where the server of that name listens: one partition, one copy, one disk."""
    builder = RingBuilder(1, 1, 0)
    builder.add_dev({"region": 1, "zone": 1, "ip": HOST, "port": port, "device": "disk", "weight": 1})
    builder.rebalance()
    builder.get_ring().save(os.path.join(folder, name + ".ring.gz"))


def proxy_of(conf, account, user, secret):
    """What a client talks to, innermost last: S3 in front of accounts and keys in front of Swift itself."""
    app = proxy_server({**conf, "__file__": os.devnull, "__name__": "proxy-server"}, account_autocreate="true")
    app = tempauth.filter_factory(conf, **{"user_%s_%s" % (account, user): secret + " .admin"})(app)
    app = s3api.filter_factory(conf, location="us-east-1")(app)
    cache = NoCache()

    def with_cache(env, start_response, inner=app):
        env["swift.cache"] = cache
        return inner(env, start_response)

    return catch_errors.filter_factory(conf)(with_cache)


def main(folder, account, user, secret):
    os.makedirs(os.path.join(folder, "disk"))
    conf = {"devices": folder, "swift_dir": folder, "mount_check": "false", "log_level": "ERROR"}
    backends = {"account": account_server, "container": container_server, "object": object_server}
    for name, server in backends.items():
        listener = eventlet.listen((HOST, 0))
        write_ring(folder, name, listener.getsockname()[1])
        eventlet.spawn(wsgi.server, listener, server(conf), log_output=False)
    listener = eventlet.listen((HOST, 0))
    eventlet.spawn(wsgi.server, listener, proxy_of(conf, account, user, secret), log_output=False)
    print(listener.getsockname()[1], flush=True)
    eventlet.tpool.execute(os.read, 0, 1)
    # Not by way of the interpreter's end, which waits for greenlets that never do.
    os._exit(0)


main(*sys.argv[1:])
