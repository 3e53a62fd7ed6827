"""Why an application's answer could not be used, in Twilio's numbers."""

import ssl

import aiohttp

BAD_URL, BAD_ANSWER, NO_CONNECTION, NOT_HTTP, UNKNOWN_HOST = 11100, 11200, 11205, 11206, 11210
TOO_MANY_REDIRECTS, NO_HANDSHAKE = 11215, 11220
WRONG_NAME, EXPIRED, UNTRUSTED = 11235, 11236, 11237
VERIFY_NAME_MISMATCH, VERIFY_ADDRESS_MISMATCH, VERIFY_EXPIRED = 62, 64, 10
TRIED_AGAIN = {NO_CONNECTION: "ct", UNKNOWN_HOST: "ct"}


class WebhookFailed(Exception):
    """`code` is Twilio's; `status` that of a refusal, when there was one (https://www.twilio.com/docs/api/errors)."""

    def __init__(self, code: int, url: str, reason: str, *, kind: str = "") -> None:
        super().__init__(f"{code} {url}: {reason}")
        self.code, self.url, self.reason = code, url, reason
        self.kind = kind or TRIED_AGAIN.get(code, "")


def explain(error: Exception, url: str) -> WebhookFailed:
    """`kind` is what a retry policy would call it: ct while connecting, rt while reading."""
    reason = str(error) or type(error).__name__
    if isinstance(error, aiohttp.ClientConnectorCertificateError):
        return WebhookFailed(certificate_code(error.certificate_error), url, reason)
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return WebhookFailed(UNKNOWN_HOST, url, reason)
    if isinstance(error, aiohttp.ClientSSLError):
        return WebhookFailed(NO_HANDSHAKE, url, reason)
    if isinstance(error, aiohttp.ClientConnectorError | aiohttp.ConnectionTimeoutError):
        return WebhookFailed(NO_CONNECTION, url, reason)
    if isinstance(error, TimeoutError):
        return WebhookFailed(BAD_ANSWER, url, "no answer in time", kind="rt")
    if isinstance(error, aiohttp.InvalidURL):
        return WebhookFailed(BAD_URL, url, "not an absolute URL")
    return WebhookFailed(NOT_HTTP, url, reason, kind="rt")


def certificate_code(error: Exception) -> int:
    number = getattr(error, "verify_code", 0) if isinstance(error, ssl.SSLCertVerificationError) else 0
    codes = {VERIFY_NAME_MISMATCH: WRONG_NAME, VERIFY_ADDRESS_MISMATCH: WRONG_NAME, VERIFY_EXPIRED: EXPIRED}
    return codes.get(number, UNTRUSTED)
