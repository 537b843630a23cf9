// The headers that every file of the page is served with, the same in both hosts. Nothing is loaded from elsewhere
// and nothing inline runs, so a model's output can't send anything out or run as code.

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

export function pageHeaders(socket: string | null): Record<string, string> {
  return {
    'Content-Security-Policy': contentSecurityPolicy(socket),
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Permissions-Policy': NO_POWERS.map((name) => `${name}=()`).join(', '),
    'Referrer-Policy': 'no-referrer',
    'X-Content-Type-Options': 'nosniff',
  };
}
