// A certificate for a test's own server under somebody else's name, made on the spot: no key lies in the repository.
// Format: RFC 5280, in DER (X.690).
import { generateKeyPairSync, sign } from 'node:crypto';

const ECDSA_WITH_SHA256 = Buffer.from('06082a8648ce3d040302', 'hex');
const COMMON_NAME = Buffer.from('0603550403', 'hex');
const ALTERNATIVE_NAMES = Buffer.from('0603551d11', 'hex');
const BASIC_CONSTRAINTS = Buffer.from('0603551d13', 'hex');

/** Key and certificate (PEM) for the host `name` and every name below it, good for a hundred years. */
export function selfSigned(name: string): { key: string; cert: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const algorithm = sequence(ECDSA_WITH_SHA256);
  const issuer = sequence(element(0x31, sequence(COMMON_NAME, element(0x0c, Buffer.from(name)))));
  const validity = sequence(time('20200101000000Z'), time('21200101000000Z'));
  const names = sequence(...[name, `*.${name}`].map((dns) => element(0x82, Buffer.from(dns))));
  const extensions = sequence(
    sequence(
      BASIC_CONSTRAINTS,
      element(0x01, Buffer.from([0xff])),
      octets(sequence(element(0x01, Buffer.from([0xff])))),
    ),
    sequence(ALTERNATIVE_NAMES, octets(names)),
  );
  const body = sequence(
    element(0xa0, integer(2)),
    integer(1),
    algorithm,
    issuer,
    validity,
    issuer,
    publicKey.export({ type: 'spki', format: 'der' }),
    element(0xa3, extensions),
  );
  const signature = Buffer.concat([Buffer.from([0]), sign('sha256', body, privateKey)]);
  const certificate = sequence(body, algorithm, element(0x03, signature));
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${certificate.toString('base64')}\n-----END CERTIFICATE-----\n`,
  };
}

function element(tag: number, content: Buffer): Buffer {
  const { length } = content;
  if (length < 128) return Buffer.concat([Buffer.from([tag, length]), content]);
  return Buffer.concat([Buffer.from([tag, 0x82, length >> 8, length & 0xff]), content]);
}

const sequence = (...parts: Buffer[]): Buffer => element(0x30, Buffer.concat(parts));
const octets = (content: Buffer): Buffer => element(0x04, content);
const integer = (value: number): Buffer => element(0x02, Buffer.from([value]));
const time = (text: string): Buffer => element(0x18, Buffer.from(text));
