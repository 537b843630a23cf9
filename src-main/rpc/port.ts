// A port carries JSON-like values to one peer, in order. Every transport is adapted to this one interface.

export interface Port {
  /** Queues a structured value for the peer. After the port has closed this does nothing. */
  send(message: unknown): void;
  /** Registers the one receiver of incoming messages. */
  onMessage(receive: (message: unknown) => void): void;
  /** Calls back once when the peer is gone, however it went. */
  onClose(closed: () => void): void;
}
