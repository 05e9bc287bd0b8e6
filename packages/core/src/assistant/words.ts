import { z } from 'zod';
import { isEntityId } from '../ids.js';

/** Parts that several schemas of an assistant share. */
export const sentence = z.string().trim().max(2_000);
export const identifier = z.string().regex(/^[a-z][a-z0-9_]{0,39}$/);
export const credentialIdSchema = z.string().refine(isEntityId, 'must be the id of a credential');
/** BCP 47, e.g. `en-US`. */
export const languageSchema = z.string().regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/);

const modelName = z.string().trim().min(1).max(200);

/** A model of a vendor, with the one taken where nothing is said. */
export const modelOf = (standard: string) => modelName.default(standard);

/** Of an engine that is reached over the network. */
export const remote = {
  credentialId: credentialIdSchema
    .optional()
    .describe("From the vault, of the engine's provider; without it the server's own key"),
};

/** Of a server whose address the assistant may choose. The server's own key goes to the server's own address only. */
export const remoteAt = {
  ...remote,
  baseUrl: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe("Another server with the same API; the server's own key does not go there"),
};
