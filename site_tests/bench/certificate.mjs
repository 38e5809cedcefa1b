// A certificate for 127.0.0.1, made anew at every start: browsers speak HTTP/2 with encryption only. The few rules of
// DER (a tag, a length, the content) that a certificate takes stand below, so that nothing need be installed.
import { createHash, generateKeyPairSync, sign } from "node:crypto";

const der = (tag, ...parts) => {
  const content = Buffer.concat(parts);
  const { length } = content;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
};
const sequence = (...parts) => der(0x30, ...parts);
const identifier = (hex) => der(0x06, Buffer.from(hex, "hex"));
const bits = (content) => der(0x03, Buffer.from([0]), content);
const time = (date) => der(0x17, Buffer.from(`${date.toISOString().replace(/[-:T]/g, "").slice(2, 14)}Z`));
const pem = (content) =>
  `-----BEGIN CERTIFICATE-----\n${content.toString("base64").match(/.{1,64}/g).join("\n")}\n-----END CERTIFICATE-----\n`;

const ECDSA_WITH_SHA256 = sequence(identifier("2a8648ce3d040302"));
const COMMON_NAME = identifier("550403");
const SUBJECT_ALTERNATIVE_NAME = identifier("551d11");
const DAY = 24 * 60 * 60 * 1000;

// The key and certificate as PEM, and the digest of the public key by which a browser is told to trust it.
export function certificate() {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const spki = publicKey.export({ type: "spki", format: "der" });
  const name = sequence(der(0x31, sequence(COMMON_NAME, der(0x0c, Buffer.from("127.0.0.1")))));
  const valid = sequence(time(new Date(Date.now() - DAY)), time(new Date(Date.now() + 30 * DAY)));
  const address = sequence(SUBJECT_ALTERNATIVE_NAME, der(0x04, sequence(der(0x87, Buffer.from([127, 0, 0, 1])))));
  const version = der(0xa0, der(0x02, Buffer.from([2])));
  const serial = der(0x02, Buffer.from([1]));
  const extensions = der(0xa3, sequence(address));
  const said = sequence(version, serial, ECDSA_WITH_SHA256, name, valid, name, spki, extensions);
  return {
    key: privateKey.export({ type: "pkcs8", format: "pem" }),
    cert: pem(sequence(said, ECDSA_WITH_SHA256, bits(sign("sha256", said, privateKey)))),
    trusted: createHash("sha256").update(spki).digest("base64"),
  };
}
