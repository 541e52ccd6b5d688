import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { Opened, Sealer } from '../../ports/sealer.ts';
import type { KeyRing } from './key-ring.ts';

/** AES-256-GCM. Sealed form: version (1 byte), key id (4), nonce (12), ciphertext, tag (16). */

const version = 1;
const idAt = 1;
const nonceAt = 5;
const textAt = 17;
const tagBytes = 16;

export function aesGcmSealer(ring: KeyRing): Sealer {
  return {
    prepare() {
      ring.current();
    },

    seal(text, purpose, rowId) {
      const key = ring.current();
      const nonce = randomBytes(textAt - nonceAt);
      const cipher = createCipheriv('aes-256-gcm', key.bytes, nonce, { authTagLength: tagBytes });
      cipher.setAAD(place(purpose, rowId));
      const body = [cipher.update(text, 'utf8'), cipher.final()];
      const head = [Buffer.of(version), Buffer.from(key.id, 'hex'), nonce];
      return new Uint8Array(Buffer.concat([...head, ...body, cipher.getAuthTag()]));
    },

    open(sealed, purpose, rowId): Opened {
      if (sealed.length < textAt + tagBytes || sealed[0] !== version)
        return { ok: false, problem: 'the stored bytes are not a sealed secret' };
      const id = keyIdOf(sealed);
      const key = ring.find(id);
      if (key === null)
        return { ok: false, problem: `it was sealed with key ${id}, which is not known here` };
      const nonce = sealed.subarray(nonceAt, textAt);
      const cipher = createDecipheriv('aes-256-gcm', key.bytes, nonce, { authTagLength: tagBytes });
      cipher.setAAD(place(purpose, rowId));
      cipher.setAuthTag(sealed.subarray(-tagBytes));
      try {
        const text = Buffer.concat([cipher.update(sealed.subarray(textAt, -tagBytes)), cipher.final()]);
        return { ok: true, text: text.toString('utf8') };
      } catch {
        return { ok: false, problem: 'the stored bytes were changed, or belong to another row' };
      }
    },

    isCurrent: (sealed) => keyIdOf(sealed) === ring.current().id,
    beginRotation: () => ring.begin(),
    endRotation: () => ring.end(),
  };
}

function keyIdOf(sealed: Uint8Array): string {
  return Buffer.from(sealed.subarray(idAt, nonceAt)).toString('hex');
}

/** The associated data: two texts that no other two can be written like. */
function place(purpose: string, rowId: string): Buffer {
  return Buffer.from(JSON.stringify([purpose, rowId]));
}
