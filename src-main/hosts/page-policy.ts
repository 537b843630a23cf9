// The headers that every file of the page is served with, the same in both hosts. Nothing is loaded from elsewhere
// and nothing inline runs, so a model's output can't send anything out or run as code. One file has rules of its own:
// the worker that checks spelling compiles WebAssembly, which the page itself may not.

/** `socket` is the one address besides its own files that the page may connect to. */
function contentSecurityPolicy(socket: string | null): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    `connect-src 'self'${socket ? ` ${socket}` : ''}`,
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
}

/** It may fetch its own binary and compile it; a worker never sees the page, and this one talks to nobody else. */
const CHECKER_POLICY = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'";
const CHECKER = /^\/assets\/lint-worker-[\w-]+\.js$/;

const NO_POWERS = [
  'camera',
  'display-capture',
  'geolocation',
  'hid',
  'microphone',
  'midi',
  'payment',
  'serial',
  'usb',
];

/** For the file at `pathname`, as it was asked for. */
export function pageHeaders(socket: string | null, pathname: string): Record<string, string> {
  return {
    'Content-Security-Policy': CHECKER.test(pathname) ? CHECKER_POLICY : contentSecurityPolicy(socket),
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Permissions-Policy': NO_POWERS.map((name) => `${name}=()`).join(', '),
    'Referrer-Policy': 'no-referrer',
    'X-Content-Type-Options': 'nosniff',
  };
}
