"""A small mail server that answers as it is told, and what a channel makes of it."""

import email
import email.policy
import ipaddress
import socket
import socketserver
import ssl
import threading
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from outbox.channels.smtp import SmtpChannel
from tests.factories import make_message, make_participant

IN_ONE_PACKET = {"EHLO": "250-fine\r\n250-SIZE 1000000\r\n250 PIPELINING"}
ONE_BY_ONE = {"EHLO": "250 fine"}


class Server(socketserver.ThreadingTCPServer):
    """Takes mail; `answers` replaces its answer to a command or to an address."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, answers):
        super().__init__(("127.0.0.1", 0), Conversation)
        self.answers = answers
        self.tls = None
        self.asks_for_text_for_nobody = True
        self.hangs_up_after_refusing = False
        self.hangs_up_once_at = ""
        self.texts_ended = 0
        self.taken = []
        self.most_at_once = self.at_once = self.connections = 0
        self.most_allowed = 1000
        self.open = []
        self.envelopes_in_one_packet = []
        self.lock = threading.Lock()

    def get_request(self):
        request, address = super().get_request()
        return (self.tls.wrap_socket(request, server_side=True) if self.tls else request), address

    def close_all(self):
        """Hang up on everybody, as a server does that is started anew."""
        for connection in self.open:
            connection.shutdown(socket.SHUT_RDWR)


class Conversation(socketserver.BaseRequestHandler):
    waiting = b""
    """What has arrived and is not read yet."""

    has_refused = False

    def handle(self):
        with self.server.lock:
            self.server.at_once += 1
            self.server.connections += 1
            self.server.open.append(self.request)
            self.server.most_at_once = max(self.server.at_once, self.server.most_at_once)
        try:
            self.talk()
        finally:
            with self.server.lock:
                self.server.at_once -= 1

    def talk(self):
        if self.server.at_once > self.server.most_allowed:
            self.say("421 too many connections")
            return
        self.say(self.server.answers.get("hello", "220 ready"))
        for_nobody = False
        while line := self.read_line().decode().strip().upper():
            answer = next(
                (words for part, words in self.server.answers.items() if part.upper() in line), None
            )
            if line.startswith("MAIL"):
                self.server.envelopes_in_one_packet.append(b"RCPT" in self.waiting)
            if self.server.hangs_up_once_at and self.server.hangs_up_once_at in line:
                self.server.hangs_up_once_at = ""
                return
            if answer == "hang up":
                return
            if answer == "say nothing":
                while self.read_line():
                    pass
                return
            if answer is not None:
                self.say(answer)
                for_nobody = "RCPT" in line
            elif line == "DATA" and for_nobody and not self.server.asks_for_text_for_nobody:
                self.say("503 nobody to send it to")
            elif line == "DATA":
                self.say("354 go on")
                self.take()
            else:
                for_nobody = for_nobody and line != "RSET"
                self.say("221 bye" if line == "QUIT" else "250 fine")
            if line == "QUIT" or (self.server.hangs_up_after_refusing and self.has_refused):
                return

    def take(self):
        lines = []
        while (line := self.read_line()) not in (b".\r\n", b""):
            lines.append(line.removeprefix(b"."))
        self.server.texts_ended += line != b""
        if not lines:
            self.say("554 nobody to send it to")
            return
        answer = self.server.answers.get("after data", "250 taken")
        if answer == "hang up":
            self.request.shutdown(socket.SHUT_RDWR)
            return
        if answer == "say nothing":
            return
        if not answer.startswith("250"):
            self.say(answer)
            return
        self.server.taken.append(
            email.message_from_bytes(b"".join(lines), policy=email.policy.default)
        )
        self.say(answer)

    def say(self, words):
        self.has_refused = words.startswith("5")
        self.request.sendall(f"{words}\r\n".encode())

    def read_line(self):
        while b"\n" not in self.waiting and (arrived := self.request.recv(65536)):
            self.waiting += arrived
        line, end, self.waiting = self.waiting.partition(b"\n")
        return line + end


@contextmanager
def server(settings, certificate=None, **answers):
    with Server(answers) as running:
        if certificate:
            running.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            running.tls.load_cert_chain(certificate)
        threading.Thread(target=running.serve_forever, args=(0.01,), daemon=True).start()
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = running.server_address
        settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        settings.DEFAULT_FROM_EMAIL = "College <info@college.example>"
        yield running
        running.shutdown()


def outcomes(messages):
    with closing(SmtpChannel()) as channel:
        return {message.pk: outcome for message, outcome in channel.send(messages)}


def addressed(*names):
    return [
        make_message(channel="smtp", participant=make_participant(email=f"{name}@example.org"))
        for name in names
    ]


def self_signed(folder):
    """Write a certificate of this machine, with its key, that nobody but itself stands for."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "here")])
    address = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([address]), critical=False)
        .sign(key, hashes.SHA256())
    )
    form = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    file = folder / "certificate.pem"
    file.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, *form)
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    return file
