// The names of the three IPC messages between this process and the preload; everything else goes over the port.

/** Preload to host: the page wants a port. */
export const CONNECT = 'lapidary:connect';
/** Host to preload: the port, as the one transferred thing. */
export const PORT = 'lapidary:port';
/** Host to preload: a command from the menu. */
export const COMMAND = 'lapidary:command';
