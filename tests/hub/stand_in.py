"""A stand-in of the hub's interface: repositories with revisions, in memory."""

import base64
import hashlib
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

TOKEN = "hf_of_the_owner"


class Hub:
    """A hub on 127.0.0.1. Its owner's token may write; private ones only it may read.

    `repositories` maps a name to its commits, dicts from the names of files to bytes,
    the newest last. `private` and `asked` are the private ones and all requests.
    """

    def __init__(self):
        self.repositories, self.private, self.asked = {}, set(), []
        self.status = None  # of every answer, for a hub that fails
        handler = type("Handler", (_Handler,), {"hub": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()
        self.endpoint = f"http://127.0.0.1:{self._server.server_port}"

    def close(self):
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def revision(self, name, number=-1):
        return _digest(f"{name}{number % len(self.repositories[name])}".encode())

    def files(self, name, revision="main"):
        """Return the files of a revision, or None."""
        commits = self.repositories[name]
        if revision == "main":
            return commits[-1] if commits else {}
        for number, files in enumerate(commits):
            if self.revision(name, number) == revision:
                return files
        return None


class _Handler(BaseHTTPRequestHandler):
    hub: Hub
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        """Nothing is printed."""

    def do_GET(self):
        self._answer(self._get)

    def do_HEAD(self):
        self._answer(self._get)

    def do_POST(self):
        self._answer(self._post)

    def _answer(self, act):
        length = int(self.headers.get("Content-Length") or 0)
        self.body = self.rfile.read(length)
        self.path = self.path.partition("?")[0]
        self.hub.asked.append((self.command, self.path))
        if self.hub.status is not None:
            return self._send({"error": "out of order"}, self.hub.status)
        return act(self.path.strip("/").split("/"))

    def _get(self, parts):
        if parts[:2] == ["api", "models"]:
            name = "/".join(parts[2:4])
            what, revision = parts[4:6] or ("revision", "main")
            files = self._readable(name, revision)
            if files is None:
                return None
            if what == "tree":
                return self._send([_entry(path, data) for path, data in files.items()])
            siblings = [{"rfilename": path} for path in files]
            commit = self._commit_of(name, revision)
            return self._send({"id": name, "sha": commit, "siblings": siblings})
        name, revision, path = "/".join(parts[:2]), parts[3], "/".join(parts[4:])
        files = self._readable(name, revision)
        if files is None:
            return None
        if path not in files:
            return self._fail(404, "EntryNotFound")
        commit = self._commit_of(name, revision)
        headers = {"X-Repo-Commit": commit, "ETag": f'"{_digest(files[path])}"'}
        return self._send(files[path], headers=headers)

    def _post(self, parts):
        if parts[-1] == "validate-yaml":
            return self._send({"errors": [], "warnings": []})
        if self.headers.get("Authorization") != f"Bearer {TOKEN}":
            return self._send({"error": "Invalid token"}, 401)
        wanted = json.loads(self.body.splitlines()[0])
        if parts == ["api", "repos", "create"]:
            name = wanted.get("repo_id") or f"{wanted['organization']}/{wanted['name']}"
            if name in self.hub.repositories:
                url = {"url": f"{self.hub.endpoint}/{name}"}
                return self._send({"error": "You already created it", **url}, 409)
            self.hub.repositories[name] = []
            if wanted.get("private") or wanted.get("visibility") == "private":
                self.hub.private.add(name)
            return self._send({"url": f"{self.hub.endpoint}/{name}"})
        name, what = "/".join(parts[2:4]), parts[4]
        if what == "preupload":
            plain = {"uploadMode": "regular", "shouldIgnore": False}
            asked = [{"path": f["path"], **plain} for f in wanted["files"]]
            return self._send({"files": asked})
        files = dict(self.hub.files(name))
        for line in map(json.loads, self.body.splitlines()):
            if line["key"] == "file":
                data = base64.b64decode(line["value"]["content"])
                files[line["value"]["path"]] = data
            elif line["key"] == "deletedFile":
                del files[line["value"]["path"]]
        self.hub.repositories[name].append(files)
        commit = self.hub.revision(name)
        url = f"{self.hub.endpoint}/{name}/commit/{commit}"
        return self._send({"success": True, "commitOid": commit, "commitUrl": url})

    def _readable(self, name, revision):
        """Return the files of a revision; None after an answer that refuses them."""
        is_owner = self.headers.get("Authorization") == f"Bearer {TOKEN}"
        hidden = name in self.hub.private and not is_owner
        if name not in self.hub.repositories or hidden:
            self._fail(404 if is_owner else 401, "RepoNotFound")
            return None
        files = self.hub.files(name, revision)
        if files is None:
            self._fail(404, "RevisionNotFound")
        return files

    def _commit_of(self, name, revision):
        if revision != "main":
            return revision
        return self.hub.revision(name) if self.hub.repositories[name] else "0" * 40

    def _fail(self, status, code):
        self._send({"error": code}, status, {"X-Error-Code": code})

    def _send(self, content, status=200, headers=None):
        is_bytes = isinstance(content, bytes)
        data = content if is_bytes else json.dumps(content).encode()
        self.send_response(status)
        kind = "application/octet-stream" if is_bytes else "application/json"
        for key, value in {"Content-Type": kind, **(headers or {})}.items():
            self.send_header(key, value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)


def _digest(data):
    return hashlib.sha1(data).hexdigest()


def _entry(path, data):
    return {"type": "file", "path": path, "size": len(data), "oid": _digest(data)}
