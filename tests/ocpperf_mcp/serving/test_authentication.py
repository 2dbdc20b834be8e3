"""Who is let in over HTTP: static tokens of a variable and a file, tokens signed by an issuer, and nobody else."""

import asyncio
import base64
import hashlib
import hmac
import json
import logging
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fastmcp.server.auth import AccessToken, AuthProvider
from joserfc import jwk, jwt

from ocpperf_mcp.contracts.errors import OcpperfError
from ocpperf_mcp.serving.authentication import authentication
from ocpperf_mcp.settings import ServingSettings
from tests.wire import Wire, status, wire_to

TOKEN = "planted-token-0123456789"
OTHER = "another/planted+token=="
ISSUER = "https://issuer.example.com"
AUDIENCE = "ocpperf"
JWT_VARIABLES = {"OCPPERF_MCP_JWT_ISSUER": ISSUER, "OCPPERF_MCP_JWT_AUDIENCE": AUDIENCE}

Configure = Callable[..., AuthProvider | None]
Key = jwk.RSAKey | jwk.ECKey | jwk.OKPKey


@pytest.fixture
def configured(monkeypatch: pytest.MonkeyPatch) -> Configure:
    """What authentication becomes of variables; those of an earlier call stay."""

    def configure(**variables: object) -> AuthProvider | None:
        for name, value in variables.items():
            monkeypatch.setenv(name, str(value))
        return authentication(ServingSettings())

    return configure


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    """All that is logged, of FastMCP too, which keeps its records from the root logger."""
    logger = logging.getLogger("fastmcp")
    level = logger.level
    logger.addHandler(caplog.handler)
    logger.setLevel(logging.DEBUG)
    with caplog.at_level(logging.DEBUG):
        yield caplog
    logger.removeHandler(caplog.handler)
    logger.setLevel(level)


@pytest.fixture
def token_file(tmp_path: Path) -> Path:
    file = tmp_path / "tokens"
    # As a Secret is mounted into a pod: for the group of the pod as well.
    file.touch(mode=0o640)
    return file


@pytest.fixture(scope="module")
def key() -> jwk.RSAKey:
    return jwk.RSAKey.generate_key(2048, {"kid": "first"})


@pytest.fixture(scope="module")
def stranger() -> jwk.RSAKey:
    return jwk.RSAKey.generate_key(2048, {"kid": "first"})


@pytest.fixture(scope="module")
def curve() -> jwk.ECKey:
    return jwk.ECKey.generate_key("P-256", {"kid": "second"})


@pytest.fixture(scope="module")
def issuer(key: jwk.RSAKey, curve: jwk.ECKey) -> Iterator[Wire]:
    """Serves its public keys."""
    with wire_to("") as wire:
        keys = [one.as_dict(private=False) for one in (key, curve)]
        wire.always = status(200, json.dumps({"keys": keys}).encode())
        yield wire


@pytest.fixture
def pem(key: jwk.RSAKey, tmp_path: Path) -> Path:
    file = tmp_path / "key.pem"
    file.write_bytes(key.as_pem(private=False))
    return file


@pytest.fixture(params=["key set", "key file"])
def signed(request: pytest.FixtureRequest, configured: Configure, issuer: Wire, pem: Path) -> AuthProvider | None:
    """Takes tokens that the issuer signed with its RSA key, known either way."""
    place = {"OCPPERF_MCP_JWKS_URL": f"{issuer.url}/keys"}
    if request.param == "key file":
        place = {"OCPPERF_MCP_JWT_PUBLIC_KEY_FILE": str(pem)}
    return configured(**place, **JWT_VARIABLES, OCPPERF_MCP_JWT_SCOPES="read, tools")


def ask(provider: AuthProvider | None, token: str) -> AccessToken | None:
    """Who the token's bearer is; None for nobody."""
    assert provider is not None
    found = asyncio.run(provider.verify_token(token))
    assert found is None or isinstance(found, AccessToken)
    return found


def name(provider: AuthProvider | None, token: str) -> str | None:
    found = ask(provider, token)
    return found.client_id if found else None


def claims(**changed: Any) -> dict[str, Any]:
    """Those of a token that is let in, with changes; None takes a claim away."""
    now = int(time.time())
    whole = {"iss": ISSUER, "aud": AUDIENCE, "sub": "ci", "exp": now + 600, "scope": "tools read more", **changed}
    return {claim: value for claim, value in whole.items() if value is not None}


def sign(key: Key, algorithm: str = "RS256", **changed: Any) -> str:
    return jwt.encode({"alg": algorithm, "kid": key.kid}, claims(**changed), key, algorithms=[algorithm])


def raw_token(algorithm: object, secret: bytes | None = None) -> str:
    """Header and claims of a good token, with no signature or one made with a shared secret."""
    parts = [json.dumps(part).encode() for part in ({"alg": algorithm, "kid": "first"}, claims())]
    text = ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts)
    digest = hmac.digest(secret, text.encode(), hashlib.sha256) if secret else b""
    return f"{text}.{base64.urlsafe_b64encode(digest).rstrip(b'=').decode()}"


def test_nothing_configured_is_no_authentication(configured: Configure) -> None:
    assert configured() is None


class TestStaticTokens:
    def test_of_a_variable(self, configured: Configure) -> None:
        caller = ask(configured(OCPPERF_MCP_TOKEN=TOKEN), TOKEN)
        assert caller is not None
        assert (caller.client_id, caller.scopes, caller.expires_at) == ("token-1", [], None)

    @pytest.mark.parametrize("presented", ["", TOKEN[:-1], TOKEN + "0", TOKEN.upper(), f" {TOKEN}", OTHER, "ü" * 24])
    def test_any_other_is_refused(self, configured: Configure, presented: str) -> None:
        assert ask(configured(OCPPERF_MCP_TOKEN=TOKEN), presented) is None

    def test_of_a_file_with_and_without_names(self, configured: Configure, token_file: Path) -> None:
        lines = ["# who may ask", "", f"ci {OTHER}", "first-unnamed-token", "  grafana\tsecond-named-token", "#x"]
        token_file.write_text("\n".join([*lines, "second-unnamed-token"]))
        provider = configured(OCPPERF_MCP_TOKEN=TOKEN, OCPPERF_MCP_TOKEN_FILE=token_file)
        asked = [TOKEN, OTHER, "first-unnamed-token", "second-named-token", "second-unnamed-token", "ci", "#x", "who"]
        assert [name(provider, token) for token in asked] == [
            *("token-1", "ci", "token-2", "grafana", "token-3"),
            *(None, None, None),
        ]

    def test_a_file_that_changes_counts_from_the_next_call(self, configured: Configure, token_file: Path) -> None:
        token_file.write_text(f"old {TOKEN}")
        provider = configured(OCPPERF_MCP_TOKEN_FILE=token_file)
        assert name(provider, TOKEN) == "old"
        changed = f"new {TOKEN[:-1]}x"
        token_file.write_text(changed)
        assert [name(provider, TOKEN), name(provider, changed.split()[1])] == [None, "new"]

    @pytest.mark.parametrize("fault", ["missing", "empty", "open", "damaged", "unreadable"])
    def test_a_file_that_can_no_longer_be_used_lets_in_nobody(
        self, configured: Configure, token_file: Path, log: pytest.LogCaptureFixture, fault: str
    ) -> None:
        token_file.write_text(TOKEN)
        provider = configured(OCPPERF_MCP_TOKEN_FILE=token_file, OCPPERF_MCP_TOKEN=OTHER)
        spoil(token_file, fault)
        assert [name(provider, TOKEN) for _ in range(2)] == [None, None]
        assert name(provider, OTHER) == "token-1"
        warnings = [record.getMessage() for record in log.records if record.levelno == logging.WARNING]
        assert len(warnings) == 1
        assert warnings[0].startswith("Nobody is let in by the token file. ")
        assert str(token_file) in warnings[0]
        token_file.unlink(missing_ok=True)
        token_file.touch(mode=0o600)
        token_file.write_text(TOKEN)
        assert name(provider, TOKEN) == "token-2"

    @pytest.mark.parametrize(
        ("fault", "what", "next_step"),
        [
            ("missing", "cannot be read: No such file or directory.", "Point OCPPERF_MCP_TOKEN_FILE at a readable"),
            ("empty", "is empty.", "Write `name token` or `token` into it."),
            ("open", "is open to everybody on this machine (mode 0644).", "Close it with `chmod 600 "),
            ("damaged", "Line 2 of the token file", "A line is `name token` or `token`."),
            ("unreadable", "is not text in UTF-8.", "Point OCPPERF_MCP_TOKEN_FILE at a readable"),
            ("directory", "is no regular file.", "Point OCPPERF_MCP_TOKEN_FILE at a readable"),
        ],
    )
    def test_a_file_that_cannot_be_used_is_refused_at_start(
        self, configured: Configure, token_file: Path, fault: str, what: str, next_step: str
    ) -> None:
        token_file.write_text(TOKEN)
        spoil(token_file, fault)
        with pytest.raises(OcpperfError) as refusal:
            configured(OCPPERF_MCP_TOKEN_FILE=token_file)
        assert what in refusal.value.what
        assert refusal.value.next_step.startswith(next_step)
        assert TOKEN not in str(refusal.value)

    @pytest.mark.parametrize(
        ("token", "what"),
        [
            ("", "OCPPERF_MCP_TOKEN has fewer than 16 characters."),
            ("planted-and-shor", None),
            ("planted-and-sho", "OCPPERF_MCP_TOKEN has fewer than 16 characters."),
            ("planted token of words", "OCPPERF_MCP_TOKEN holds characters that no bearer token has."),
            (f"{TOKEN}\n", "OCPPERF_MCP_TOKEN holds characters that no bearer token has."),
            ("plantéd-token-0123456789", "OCPPERF_MCP_TOKEN holds characters that no bearer token has."),
        ],
    )
    def test_a_token_must_be_long_and_fit_a_header(self, configured: Configure, token: str, what: str | None) -> None:
        if what is None:
            assert name(configured(OCPPERF_MCP_TOKEN=token), token) == "token-1"
            return
        with pytest.raises(OcpperfError) as refusal:
            configured(OCPPERF_MCP_TOKEN=token)
        assert (refusal.value.what, refusal.value.next_step) == (what, "Make one with `openssl rand -hex 32`.")

    @pytest.mark.parametrize(
        ("line", "reason"),
        [
            ("ci short", "has fewer than 16 characters"),
            (f"two words {TOKEN}", "holds more than a name and a token"),
            (f"ci {TOKEN}§", "holds characters that no bearer token has"),
        ],
    )
    def test_a_line_of_another_form_is_refused(
        self, configured: Configure, token_file: Path, line: str, reason: str
    ) -> None:
        token_file.write_text(f"# tokens\n{line}\n", encoding="utf-8")
        with pytest.raises(OcpperfError) as refusal:
            configured(OCPPERF_MCP_TOKEN_FILE=token_file)
        assert refusal.value.what == f"Line 2 of the token file {token_file} {reason}."


def spoil(file: Path, fault: str) -> None:
    if fault in ("missing", "directory"):
        file.unlink()
    if fault == "directory":
        file.mkdir()
    contents = {"empty": b"# none\n\n", "damaged": b"# ours\nshort\n", "unreadable": f"{TOKEN}\xff".encode("latin-1")}
    if fault in contents:
        file.write_bytes(contents[fault])
    if fault == "open":
        file.chmod(0o644)


class TestSignedTokens:
    def test_one_of_the_issuer_is_let_in(self, signed: AuthProvider | None, key: jwk.RSAKey) -> None:
        caller = ask(signed, sign(key))
        assert caller is not None
        assert (caller.client_id, caller.subject, caller.scopes) == ("ci", "ci", ["tools", "read", "more"])
        assert caller.claims["iss"] == ISSUER
        assert ask(signed, sign(key, nbf=int(time.time()) - 5, aud=["other", AUDIENCE])) is not None

    @pytest.mark.parametrize(
        "changed",
        [
            pytest.param({"exp": 1}, id="expired"),
            pytest.param({"exp": None}, id="without an end"),
            pytest.param({"nbf": 2**40}, id="not yet"),
            pytest.param({"nbf": "now"}, id="a beginning that is no time"),
            pytest.param({"iss": "https://other.example.com"}, id="another issuer"),
            pytest.param({"iss": None}, id="without issuer"),
            pytest.param({"aud": "grafana"}, id="another audience"),
            pytest.param({"aud": None}, id="without audience"),
            pytest.param({"scope": "tools"}, id="one scope missing"),
            pytest.param({"scope": None}, id="without scopes"),
        ],
    )
    def test_other_claims_are_refused(
        self, signed: AuthProvider | None, key: jwk.RSAKey, changed: dict[str, Any]
    ) -> None:
        assert ask(signed, sign(key, **changed)) is None

    def test_another_signature_is_refused(
        self, signed: AuthProvider | None, key: jwk.RSAKey, stranger: jwk.RSAKey
    ) -> None:
        assert ask(signed, sign(stranger)) is None
        head, _, signature = sign(key).split(".")
        body = base64.urlsafe_b64encode(json.dumps(claims(sub="root")).encode()).rstrip(b"=").decode()
        assert ask(signed, f"{head}.{body}.{signature}") is None

    def test_only_asymmetric_signatures_count(self, signed: AuthProvider | None, key: jwk.RSAKey) -> None:
        public = key.as_pem(private=False)
        forged = [raw_token("HS256", public), raw_token("HS256", public.strip()), raw_token("RS256", public)]
        unsigned = [raw_token(algorithm) for algorithm in ("none", "None", "", None, ["RS256"], "RS256")]
        assert [ask(signed, token) for token in forged + unsigned] == [None] * 9

    @pytest.mark.parametrize("token", ["", "a.b.c", "..", TOKEN, "W10.W10.W10", "ü.ü.ü"])
    def test_what_is_no_token_is_refused(self, signed: AuthProvider | None, token: str) -> None:
        assert ask(signed, token) is None

    def test_a_header_nested_without_end_is_refused(self, signed: AuthProvider | None) -> None:
        assert ask(signed, base64.urlsafe_b64encode(b"[" * 60_000).decode() + ".e30.e30") is None

    def test_keys_of_several_kinds_count(self, configured: Configure, issuer: Wire, curve: jwk.ECKey) -> None:
        provider = configured(OCPPERF_MCP_JWKS_URL=issuer.url, **JWT_VARIABLES)
        assert name(provider, sign(curve, "ES256")) == "ci"

    @pytest.mark.parametrize("algorithm", ["EdDSA", "Ed25519"])
    @pytest.mark.filterwarnings("ignore:EdDSA is deprecated")
    def test_an_edwards_key_in_a_file(self, configured: Configure, pem: Path, algorithm: str) -> None:
        """Under the older name of its algorithm, which most issuers still write, and the one of RFC 9864."""
        edwards = jwk.OKPKey.generate_key("Ed25519", {"kid": "third"})
        pem.write_bytes(edwards.as_pem(private=False))
        provider = configured(OCPPERF_MCP_JWT_PUBLIC_KEY_FILE=pem, **JWT_VARIABLES)
        assert name(provider, sign(edwards, algorithm)) == "ci"

    def test_keys_that_cannot_be_fetched_are_told_to_the_operator(
        self, configured: Configure, issuer: Wire, key: jwk.RSAKey, log: pytest.LogCaptureFixture
    ) -> None:
        issuer.faults.append(status(503))
        token = sign(key)
        assert ask(configured(OCPPERF_MCP_JWKS_URL=issuer.url, **JWT_VARIABLES), token) is None
        assert [record.getMessage() for record in log.records if record.levelno == logging.WARNING] == [
            "The keys of OCPPERF_MCP_JWKS_URL cannot be fetched (HTTPStatusError): signed tokens are refused."
        ]
        assert token not in log.text

    @pytest.mark.parametrize(
        ("variables", "what"),
        [
            (
                {"OCPPERF_MCP_JWKS_URL": "https://issuer/keys", "OCPPERF_MCP_JWT_AUDIENCE": AUDIENCE},
                "OCPPERF_MCP_JWT_ISSUER is not set: signed tokens that were made for others would be let in.",
            ),
            (
                {"OCPPERF_MCP_JWKS_URL": "https://issuer/keys", "OCPPERF_MCP_JWT_ISSUER": ISSUER},
                "OCPPERF_MCP_JWT_AUDIENCE is not set: signed tokens that were made for others would be let in.",
            ),
            (
                {"OCPPERF_MCP_JWT_AUDIENCE": AUDIENCE, "OCPPERF_MCP_TOKEN": TOKEN},
                "OCPPERF_MCP_JWT_AUDIENCE is set, and no key that signed tokens could be checked with.",
            ),
            (
                {"OCPPERF_MCP_JWKS_URL": "https://issuer/keys", "OCPPERF_MCP_JWT_PUBLIC_KEY_FILE": "key.pem"},
                "OCPPERF_MCP_JWKS_URL and OCPPERF_MCP_JWT_PUBLIC_KEY_FILE are both set.",
            ),
        ],
    )
    def test_half_a_configuration_is_refused(self, configured: Configure, variables: dict[str, str], what: str) -> None:
        with pytest.raises(OcpperfError) as refusal:
            configured(**variables)
        assert refusal.value.what == what

    @pytest.mark.parametrize(
        ("url", "what"),
        [
            (
                "http://issuer.example.com/keys",
                "it does not begin with https://, and http:// is taken on loopback only",
            ),
            ("http://127.0.0.1.example.com/keys", "it does not begin with https://"),
            ("ftp://127.0.0.1/keys", "it does not begin with https://"),
            ("https://planted:planted@issuer.example.com/keys", "it holds a user name"),
            ("https://:planted@issuer.example.com/keys", "it holds a user name or a password"),
            ("issuer", "input should be a valid URL"),
            ("", "input should be a valid URL"),
        ],
    )
    def test_keys_come_over_tls_or_from_loopback(self, configured: Configure, url: str, what: str) -> None:
        with pytest.raises(OcpperfError) as refusal:
            configured(OCPPERF_MCP_JWKS_URL=url, **JWT_VARIABLES)
        assert refusal.value.what.startswith(f"OCPPERF_MCP_JWKS_URL cannot be used: {what}")
        assert "planted" not in str(refusal.value)

    @pytest.mark.parametrize("host", ["https://issuer.example.com", "http://localhost:1", "http://[::1]:1"])
    def test_addresses_that_keys_may_come_from(self, configured: Configure, host: str) -> None:
        assert configured(OCPPERF_MCP_JWKS_URL=f"{host}/keys", **JWT_VARIABLES) is not None

    @pytest.mark.parametrize(
        ("content", "what"),
        [
            (None, "cannot be read: No such file or directory."),
            (b"", "holds no public key."),
            (b"-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n", "holds no public key."),
            (b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", "holds a private key."),
        ],
    )
    def test_a_key_file_without_a_public_key_is_refused(
        self, configured: Configure, pem: Path, content: bytes | None, what: str
    ) -> None:
        pem.unlink()
        if content is not None:
            pem.write_bytes(content)
        with pytest.raises(OcpperfError) as refusal:
            configured(OCPPERF_MCP_JWT_PUBLIC_KEY_FILE=pem, **JWT_VARIABLES)
        assert refusal.value.what == f"The key file {pem} {what}"
        assert refusal.value.next_step.startswith("Point OCPPERF_MCP_JWT_PUBLIC_KEY_FILE at ")


class TestBothKinds:
    def test_each_is_let_in_and_neither_passes_for_the_other(
        self, configured: Configure, pem: Path, key: jwk.RSAKey, token_file: Path
    ) -> None:
        token_file.write_text(f"ci {TOKEN}")
        place = {"OCPPERF_MCP_TOKEN_FILE": token_file, "OCPPERF_MCP_JWT_PUBLIC_KEY_FILE": pem}
        provider = configured(**place, **JWT_VARIABLES, OCPPERF_MCP_JWT_SCOPES="read")
        static, signed = ask(provider, TOKEN), ask(provider, sign(key, sub="ci"))
        assert static is not None
        assert signed is not None
        assert static.original_client_id == signed.original_client_id == "ci"
        assert static.client_id != signed.client_id
        assert [ask(provider, token) for token in (OTHER, sign(key, scope="tools"), "")] == [None] * 3

    def test_static_tokens_need_no_scope(self, configured: Configure, pem: Path) -> None:
        """FastMCP asks every caller for the provider's own `required_scopes`, also those a verifier has let in."""
        place = {"OCPPERF_MCP_TOKEN": TOKEN, "OCPPERF_MCP_JWT_PUBLIC_KEY_FILE": pem}
        provider = configured(**place, **JWT_VARIABLES, OCPPERF_MCP_JWT_SCOPES="read")
        assert provider is not None
        assert provider.required_scopes == []


def test_no_token_is_shown_or_logged(
    configured: Configure, token_file: Path, issuer: Wire, key: jwk.RSAKey, log: pytest.LogCaptureFixture
) -> None:
    token_file.write_text(f"ci {OTHER}")
    own = {"OCPPERF_MCP_TOKEN": TOKEN, "OCPPERF_MCP_TOKEN_FILE": token_file, "OCPPERF_MCP_JWKS_URL": issuer.url}
    provider = configured(**own, **JWT_VARIABLES)
    good, late = sign(key), sign(key, exp=1)
    callers = [ask(provider, token) for token in (TOKEN, OTHER, good)]
    assert [bool(caller) for caller in callers] == [True, True, True]
    assert ask(provider, late) is None
    assert "token expired" in log.text
    shown = f"{callers} {callers[0]} {ServingSettings()!r} {ServingSettings()} {vars(provider)} {log.text}"
    assert [token for token in (TOKEN, OTHER, good, late) if token in shown] == []
