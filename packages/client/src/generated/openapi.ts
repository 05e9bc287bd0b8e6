// Written by `npm run sdk` from /openapi.json; do not edit.

export interface paths {
    "/v1/talk/asterisk/call/{assistantId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Registers a call that is coming in; answers the context id for its media */
        get: operations["registerCall"];
        put?: never;
        /** Registers a call that is coming in; answers the context id for its media */
        post: operations["registerCallByPost"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/talk/asterisk/ctx/{contextId}/event": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Takes down what a dialplan or a PBX tells of a call; can move one that has no media */
        get: operations["reportEvent"];
        put?: never;
        /** Takes down what a dialplan or a PBX tells of a call; can move one that has no media */
        post: operations["reportEventByPost"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/talk/create-phone-call": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Queues a call to be placed at once, or when its options say */
        post: operations["createPhoneCall"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/talk/create-bulk-phone-call": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Queues up to 1000 calls, all or none */
        post: operations["createBulkPhoneCall"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/talk/asterisk/ctx/{contextId}/next": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What the dialplan does after the media; until five minutes after the end of the call */
        get: operations["nextDirective"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/talk/asterisk/ctx/{contextId}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Takes up a call whose media was lost: it can connect once more, here or at any other node */
        get: operations["resumeCall"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/calls": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Calls, newest first */
        get: operations["listCalls"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/calls/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One call */
        get: operations["getCall"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/calls/{id}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What happened in the call, in order */
        get: operations["listCallEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/calls/{id}/transcript": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What was heard, in order */
        get: operations["getTranscript"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/calls/{id}/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Figures of the call */
        get: operations["listCallMetrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/calls/{id}/hangup": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Ends a live call after what is being said; cancels one that waits or is being dialled */
        post: operations["hangupCall"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/calls/{id}/say": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Says a text into a live call */
        post: operations["sayIntoCall"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/calls/{id}/transfer": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Ends a live call after what is being said and hands it to another place of the dialplan */
        post: operations["transferCall"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/calls/stream": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What happens in calls, as it happens: Server-Sent Events
         * @description Each message has `id` (opaque), `event` (the type) and `data`: one JSON object `{"callId","assistantId","seq","type","at","data"}`. Stored events have their `seq`; what is only told (words as they are spoken, states) has null. Types: docs/reference/call-record.md. A comment line every 15 s keeps the connection. The last message is `stream.closed`.
         */
        get: operations["streamCalls"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/calls/{id}/recording": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The recording, WAV stereo, caller left; one Range is understood */
        get: operations["getRecording"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/calls/{id}/waveform": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How loud both sides of the recording are over time */
        get: operations["getWaveform"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/assistants": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Assistants, newest first */
        get: operations["listAssistants"];
        put?: never;
        /** Creates an assistant; `{"name": "..."}` is enough */
        post: operations["createAssistant"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/assistants/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One assistant */
        get: operations["getAssistant"];
        /** Saves the configuration as a new version and makes it live */
        put: operations["saveAssistant"];
        post?: never;
        /** Removes the assistant with its versions; its calls stay */
        delete: operations["removeAssistant"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/assistants/{id}/versions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What was saved of the assistant, newest first; of more than a thousand the oldest are forgotten */
        get: operations["listAssistantVersions"];
        put?: never;
        /** Saves a version without making it live; it never changes */
        post: operations["addAssistantVersion"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/assistants/{id}/versions/{version}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The assistant with the configuration of this version */
        get: operations["getAssistantVersion"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/assistants/{id}/versions/{version}/publish": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Makes a version live, for calls from now on: an older one is a roll-back */
        post: operations["publishAssistantVersion"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/assistants/{id}/phone-deployment": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How the assistant is reached by telephone, and how it telephones */
        get: operations["getPhoneDeployment"];
        /** Replaces how the assistant is reached by telephone, and how it telephones */
        put: operations["savePhoneDeployment"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/assistants/schema.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** JSON Schema of a configuration, for editors */
        get: operations["assistantSchema"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/assistants/{id}/test-calls": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Registers a call from a browser
         * @description Then open the WebSocket at `path`: PCM16 mono 16 kHz in binary messages both ways, and JSON in text messages. From the server `started`, `event` (as in the stream of live events), `typed` and `ended`; to the server `say` (mode `text`), `dtmf` and `hangup`.
         */
        post: operations["createTestCall"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/credentials/schema.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** JSON Schemas of the values of credentials, by provider, for forms */
        get: operations["credentialSchemas"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/credentials/{id}/uses": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Assistants whose live configuration or phone deployment names it */
        get: operations["listCredentialUses"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/credentials": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Credentials without their values, newest first */
        get: operations["listCredentials"];
        put?: never;
        /** Keeps a credential, encrypted */
        post: operations["createCredential"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/credentials/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One credential without its value */
        get: operations["getCredential"];
        /** Replaces a credential; its provider stays, and without a value that stays too */
        put: operations["saveCredential"];
        post?: never;
        /** Removes a credential that no assistant uses */
        delete: operations["removeCredential"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/providers/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether the server's own keys and the project's credentials are taken; each is asked once a minute at most */
        get: operations["providersHealth"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/credentials/{id}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Asks the other side whether it takes the credential; that it does not is an answer, not an error */
        post: operations["testCredential"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/credentials/reencrypt": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Seals every credential of this server with the first key of VAULT__KEY, so that older keys can go */
        post: operations["reencryptCredentials"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Webhooks without their secrets, newest first */
        get: operations["listWebhooks"];
        put?: never;
        /** Tells an address of the events of calls; answers the secret that deliveries are signed with */
        post: operations["createWebhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One webhook without its secret */
        get: operations["getWebhook"];
        /** Replaces a webhook; its secret stays */
        put: operations["saveWebhook"];
        post?: never;
        /** Removes a webhook and its deliveries */
        delete: operations["removeWebhook"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/{id}/secret": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Makes a new secret, which deliveries are signed with from now on */
        post: operations["rotateWebhookSecret"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Deliveries to webhooks, newest first */
        get: operations["listDeliveries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/deliveries/{id}/resend": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Queues a delivery once more, whatever became of it */
        post: operations["resendDelivery"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/{id}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Queues an event of type `test` */
        post: operations["testWebhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/api-keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All keys of the project; the keys themselves are never shown again */
        get: operations["listApiKeys"];
        put?: never;
        /** Creates a key */
        post: operations["createApiKey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/api-keys/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Revokes a key at once */
        delete: operations["revokeApiKey"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sign-in": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How one can sign in with a browser */
        get: operations["getSignIn"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who is signed in */
        get: operations["getSession"];
        put?: never;
        /** Signs in with an API key or the password */
        post: operations["signIn"];
        /** Signs out */
        delete: operations["signOut"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/session/setup": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Sets the password with the token of a set-up link, and signs in */
        post: operations["setUp"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Changes the password; its other sessions end */
        put: operations["changePassword"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/password/setup-token": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Makes the token of a set-up link, in place of the one before */
        post: operations["createSetUpToken"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/nodes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The processes of this installation, by their names */
        get: operations["listNodes"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/overview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How calls went: outcomes, response times, interruptions and failures over time, and how many there are now
         * @description By the moment in which calls were made: the calls behind a figure are those of `/v1/calls` with the same `since` and `until`, and `state`, `interrupted=true`, `event=provider.failed` or `slowerThanMs`. Figures may be ten seconds old.
         */
        get: operations["getOverview"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/healthz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The process answers */
        get: operations["health"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/readyz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** New calls may be sent here */
        get: operations["readiness"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Metrics for Prometheus */
        get: operations["metrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/dialplan": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** The files that Asterisk needs to reach an assistant, as `rapida dialplan` writes them */
        post: operations["writeDialplan"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/dialplan/releases": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Releases of Asterisk that files can be written for */
        get: operations["listReleases"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/openapi.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** This description */
        get: operations["openapi"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        AssistantConfigInput: {
            /** @description Unique in the project */
            name: string;
            /**
             * @description BCP 47; the local recogniser and the local voice have English only
             * @default en-US
             */
            language?: string;
            /**
             * @description Said first; empty: the assistant waits for the caller
             * @default Hello, how can I help you?
             */
            greeting?: string;
            /**
             * @description The system prompt of a language model; the rule-based one does not read it
             * @default You are a friendly assistant on the telephone. Answer in one or two short sentences.
             */
            instructions?: string;
            /**
             * @description What `{{name}}` in sentences, instructions and tools stands for, where the call brings no other value
             * @default {}
             */
            variables?: {
                [key: string]: string;
            };
            /**
             * @description Recogniser
             * @default {}
             */
            stt?: {
                /**
                 * @default local
                 * @constant
                 */
                provider?: "local";
                /**
                 * @description Not used by the local one
                 * @default whisper-1
                 */
                model?: string;
                /** @description From the vault, of the engine's provider; without it the server's own key */
                credentialId?: string;
                /**
                 * Format: uri
                 * @description Another server with the same API; the server's own key does not go there
                 */
                baseUrl?: string;
            } | {
                /** @constant */
                provider: "openai-compatible";
                /** @default whisper-1 */
                model?: string;
                /** @description From the vault, of the engine's provider; without it the server's own key */
                credentialId?: string;
                /**
                 * Format: uri
                 * @description Another server with the same API; the server's own key does not go there
                 */
                baseUrl?: string;
            } | {
                /** @constant */
                provider: "deepgram";
                /** @default nova-3 */
                model?: string;
                /** @default [] */
                keyTerms?: string[];
                /**
                 * @description Figures, dates and money as they are written
                 * @default true
                 */
                smartFormat?: boolean;
                /** @description From the vault, of the engine's provider; without it the server's own key */
                credentialId?: string;
                /**
                 * Format: uri
                 * @description Another server with the same API; the server's own key does not go there
                 */
                baseUrl?: string;
            } | {
                /** @constant */
                provider: "assemblyai";
                /** @default universal-streaming-english */
                model?: string;
                /** @default [] */
                keyTerms?: string[];
                /** @description From the vault, of the engine's provider; without it the server's own key */
                credentialId?: string;
                /**
                 * Format: uri
                 * @description Another server with the same API; the server's own key does not go there
                 */
                baseUrl?: string;
            } | {
                /** @constant */
                provider: "openai";
                /** @default gpt-4o-mini-transcribe */
                model?: string;
                /** @default [] */
                keyTerms?: string[];
                /** @description From the vault, of the engine's provider; without it the server's own key */
                credentialId?: string;
                /**
                 * Format: uri
                 * @description Another server with the same API; the server's own key does not go there
                 */
                baseUrl?: string;
            } | {
                /** @constant */
                provider: "google-cloud";
                /**
                 * @description `telephony`, `chirp_2`, `long`, ... of Speech-to-Text v2
                 * @default telephony
                 */
                model?: string;
                /** @default global */
                location?: string;
                /** @default [] */
                keyTerms?: string[];
                /**
                 * @description Google refuses it where model and language do not have it
                 * @default false
                 */
                punctuation?: boolean;
                /** @description From the vault, of the engine's provider; without it the server's own key */
                credentialId?: string;
            } | {
                /** @constant */
                provider: "azure-speech";
                /** @default [] */
                keyTerms?: string[];
                /** @description From the vault, of the engine's provider; without it the server's own key */
                credentialId?: string;
            };
            /**
             * @description Language model
             * @default {}
             */
            llm?: {
                /**
                 * @default local
                 * @constant
                 */
                provider?: "local";
                /**
                 * @description Not used by the local one
                 * @default gpt-4o-mini
                 */
                model?: string;
                /** @default 0.4 */
                temperature?: number;
                /** @default 400 */
                maxOutputTokens?: number;
                /** @description From the vault, of the engine's provider; without it the server's own key */
                credentialId?: string;
                /**
                 * Format: uri
                 * @description Another server with the same API; the server's own key does not go there
                 */
                baseUrl?: string;
            } | {
                /** @constant */
                provider: "openai-compatible";
                /** @default gpt-4o-mini */
                model?: string;
                /** @default 0.4 */
                temperature?: number;
                /** @default 400 */
                maxOutputTokens?: number;
                /** @description From the vault, of the engine's provider; without it the server's own key */
                credentialId?: string;
                /**
                 * Format: uri
                 * @description Another server with the same API; the server's own key does not go there
                 */
                baseUrl?: string;
            } | {
                /** @constant */
                provider: "openai";
                /** @default gpt-4.1-mini */
                model?: string;
                /** @default 0.4 */
                temperature?: number;
                /** @default 400 */
                maxOutputTokens?: number;
                /**
                 * @description Only for models that reason; without it the least that the model can
                 * @enum {string}
                 */
                reasoningEffort?: "none" | "minimal" | "low" | "medium" | "high";
                /** @description From the vault, of the engine's provider; without it the server's own key */
                credentialId?: string;
                /**
                 * Format: uri
                 * @description Another server with the same API; the server's own key does not go there
                 */
                baseUrl?: string;
            } | {
                /** @constant */
                provider: "anthropic";
                /** @default claude-haiku-4-5 */
                model?: string;
                /** @default 0.4 */
                temperature?: number;
                /** @default 400 */
                maxOutputTokens?: number;
                /** @description From the vault, of the engine's provider; without it the server's own key */
                credentialId?: string;
                /**
                 * Format: uri
                 * @description Another server with the same API; the server's own key does not go there
                 */
                baseUrl?: string;
            } | {
                /** @constant */
                provider: "google";
                /** @default gemini-2.5-flash */
                model?: string;
                /** @default 0.4 */
                temperature?: number;
                /** @default 400 */
                maxOutputTokens?: number;
                /** @description From the vault, of the engine's provider; without it the server's own key */
                credentialId?: string;
                /**
                 * Format: uri
                 * @description Another server with the same API; the server's own key does not go there
                 */
                baseUrl?: string;
            } | {
                /** @constant */
                provider: "mistral";
                /** @default mistral-small-latest */
                model?: string;
                /** @default 0.4 */
                temperature?: number;
                /** @default 400 */
                maxOutputTokens?: number;
                /** @description From the vault, of the engine's provider; without it the server's own key */
                credentialId?: string;
                /**
                 * Format: uri
                 * @description Another server with the same API; the server's own key does not go there
                 */
                baseUrl?: string;
            } | {
                /** @constant */
                provider: "groq";
                /** @default llama-3.3-70b-versatile */
                model?: string;
                /** @default 0.4 */
                temperature?: number;
                /** @default 400 */
                maxOutputTokens?: number;
                /** @description From the vault, of the engine's provider; without it the server's own key */
                credentialId?: string;
                /**
                 * Format: uri
                 * @description Another server with the same API; the server's own key does not go there
                 */
                baseUrl?: string;
            } | {
                /** @constant */
                provider: "bedrock";
                /** @default amazon.nova-lite-v1:0 */
                model?: string;
                /** @default 0.4 */
                temperature?: number;
                /** @default 400 */
                maxOutputTokens?: number;
                /** @description From the vault, of the engine's provider; without it the server's own key */
                credentialId?: string;
            } | {
                /** @constant */
                provider: "azure-openai";
                /**
                 * @description The name of the deployment
                 * @default gpt-4.1-mini
                 */
                model?: string;
                /** @default 0.4 */
                temperature?: number;
                /** @default 400 */
                maxOutputTokens?: number;
                /**
                 * @description Only for models that reason; without it the least that the model can
                 * @enum {string}
                 */
                reasoningEffort?: "none" | "minimal" | "low" | "medium" | "high";
                /** @description From the vault, of the engine's provider; without it the server's own key */
                credentialId?: string;
            };
            /**
             * @description Voice
             * @default {}
             */
            tts?: {
                /**
                 * @default local
                 * @constant
                 */
                provider?: "local";
                /**
                 * @description Not used by the local one
                 * @default tts-1
                 */
                model?: string;
                /**
                 * @description slt, rms or awb
                 * @default slt
                 */
                voice?: string;
                /** @default 1 */
                speed?: number;
                /** @description From the vault, of the engine's provider; without it the server's own key */
                credentialId?: string;
                /**
                 * Format: uri
                 * @description Another server with the same API; the server's own key does not go there
                 */
                baseUrl?: string;
            } | {
                /** @constant */
                provider: "openai-compatible";
                /** @default tts-1 */
                model?: string;
                /** @default alloy */
                voice?: string;
                /** @default 1 */
                speed?: number;
                /** @description From the vault, of the engine's provider; without it the server's own key */
                credentialId?: string;
                /**
                 * Format: uri
                 * @description Another server with the same API; the server's own key does not go there
                 */
                baseUrl?: string;
            } | {
                /** @constant */
                provider: "elevenlabs";
                /** @default eleven_flash_v2_5 */
                model?: string;
                /**
                 * @description The id of a voice
                 * @default JBFqnCBsd6RMkjVDRZzb
                 */
                voice?: string;
                /** @default 0.5 */
                stability?: number;
                /** @default 0.75 */
                similarityBoost?: number;
                /** @default 1 */
                speed?: number;
                /** @description From the vault, of the engine's provider; without it the server's own key */
                credentialId?: string;
                /**
                 * Format: uri
                 * @description Another server with the same API; the server's own key does not go there
                 */
                baseUrl?: string;
            } | {
                /** @constant */
                provider: "cartesia";
                /** @default sonic-3.5 */
                model?: string;
                /**
                 * @description The id of a voice
                 * @default f786b574-daa5-4673-aa0c-cbe3e8534c02
                 */
                voice?: string;
                /** @default 1 */
                speed?: number;
                /** @description From the vault, of the engine's provider; without it the server's own key */
                credentialId?: string;
                /**
                 * Format: uri
                 * @description Another server with the same API; the server's own key does not go there
                 */
                baseUrl?: string;
            } | {
                /** @constant */
                provider: "deepgram";
                /**
                 * @description Voice and model are one name
                 * @default aura-2-thalia-en
                 */
                voice?: string;
                /** @default 1 */
                speed?: number;
                /** @description From the vault, of the engine's provider; without it the server's own key */
                credentialId?: string;
                /**
                 * Format: uri
                 * @description Another server with the same API; the server's own key does not go there
                 */
                baseUrl?: string;
            } | {
                /** @constant */
                provider: "openai";
                /** @default gpt-4o-mini-tts */
                model?: string;
                /** @default alloy */
                voice?: string;
                /**
                 * @description How to speak, for models that take it
                 * @default
                 */
                manner?: string;
                /** @default 1 */
                speed?: number;
                /** @description From the vault, of the engine's provider; without it the server's own key */
                credentialId?: string;
                /**
                 * Format: uri
                 * @description Another server with the same API; the server's own key does not go there
                 */
                baseUrl?: string;
            } | {
                /** @constant */
                provider: "google-cloud";
                /** @default en-US-Chirp3-HD-Achernar */
                voice?: string;
                /** @default 1 */
                speed?: number;
                /** @description From the vault, of the engine's provider; without it the server's own key */
                credentialId?: string;
            } | {
                /** @constant */
                provider: "azure-speech";
                /** @default en-US-AvaNeural */
                voice?: string;
                /** @default 1 */
                speed?: number;
                /** @description From the vault, of the engine's provider; without it the server's own key */
                credentialId?: string;
            };
            /** @description A model that hears and speaks itself: it takes the place of recogniser, model and voice */
            realtime?: {
                /** @constant */
                provider: "openai";
                /** @default gpt-realtime-2.1 */
                model?: string;
                /** @default marin */
                voice?: string;
                /** @default gpt-transcribe */
                transcriptionModel?: string;
                /** @description From the vault, of the engine's provider; without it the server's own key */
                credentialId?: string;
                /**
                 * Format: uri
                 * @description Another server with the same API; the server's own key does not go there
                 */
                baseUrl?: string;
            } | {
                /** @constant */
                provider: "google";
                /** @default gemini-3.8-live */
                model?: string;
                /** @default Kore */
                voice?: string;
                /** @description From the vault, of the engine's provider; without it the server's own key */
                credentialId?: string;
                /**
                 * Format: uri
                 * @description Another server with the same API; the server's own key does not go there
                 */
                baseUrl?: string;
            };
            /**
             * @description Who takes over, inside the turn, when an engine fails or exceeds its budget
             * @default {}
             */
            fallback?: {
                /** @default [] */
                stt?: ({
                    /**
                     * @default local
                     * @constant
                     */
                    provider?: "local";
                    /**
                     * @description Not used by the local one
                     * @default whisper-1
                     */
                    model?: string;
                    /** @description From the vault, of the engine's provider; without it the server's own key */
                    credentialId?: string;
                    /**
                     * Format: uri
                     * @description Another server with the same API; the server's own key does not go there
                     */
                    baseUrl?: string;
                } | {
                    /** @constant */
                    provider: "openai-compatible";
                    /** @default whisper-1 */
                    model?: string;
                    /** @description From the vault, of the engine's provider; without it the server's own key */
                    credentialId?: string;
                    /**
                     * Format: uri
                     * @description Another server with the same API; the server's own key does not go there
                     */
                    baseUrl?: string;
                } | {
                    /** @constant */
                    provider: "deepgram";
                    /** @default nova-3 */
                    model?: string;
                    /** @default [] */
                    keyTerms?: string[];
                    /**
                     * @description Figures, dates and money as they are written
                     * @default true
                     */
                    smartFormat?: boolean;
                    /** @description From the vault, of the engine's provider; without it the server's own key */
                    credentialId?: string;
                    /**
                     * Format: uri
                     * @description Another server with the same API; the server's own key does not go there
                     */
                    baseUrl?: string;
                } | {
                    /** @constant */
                    provider: "assemblyai";
                    /** @default universal-streaming-english */
                    model?: string;
                    /** @default [] */
                    keyTerms?: string[];
                    /** @description From the vault, of the engine's provider; without it the server's own key */
                    credentialId?: string;
                    /**
                     * Format: uri
                     * @description Another server with the same API; the server's own key does not go there
                     */
                    baseUrl?: string;
                } | {
                    /** @constant */
                    provider: "openai";
                    /** @default gpt-4o-mini-transcribe */
                    model?: string;
                    /** @default [] */
                    keyTerms?: string[];
                    /** @description From the vault, of the engine's provider; without it the server's own key */
                    credentialId?: string;
                    /**
                     * Format: uri
                     * @description Another server with the same API; the server's own key does not go there
                     */
                    baseUrl?: string;
                } | {
                    /** @constant */
                    provider: "google-cloud";
                    /**
                     * @description `telephony`, `chirp_2`, `long`, ... of Speech-to-Text v2
                     * @default telephony
                     */
                    model?: string;
                    /** @default global */
                    location?: string;
                    /** @default [] */
                    keyTerms?: string[];
                    /**
                     * @description Google refuses it where model and language do not have it
                     * @default false
                     */
                    punctuation?: boolean;
                    /** @description From the vault, of the engine's provider; without it the server's own key */
                    credentialId?: string;
                } | {
                    /** @constant */
                    provider: "azure-speech";
                    /** @default [] */
                    keyTerms?: string[];
                    /** @description From the vault, of the engine's provider; without it the server's own key */
                    credentialId?: string;
                })[];
                /** @default [] */
                llm?: ({
                    /**
                     * @default local
                     * @constant
                     */
                    provider?: "local";
                    /**
                     * @description Not used by the local one
                     * @default gpt-4o-mini
                     */
                    model?: string;
                    /** @default 0.4 */
                    temperature?: number;
                    /** @default 400 */
                    maxOutputTokens?: number;
                    /** @description From the vault, of the engine's provider; without it the server's own key */
                    credentialId?: string;
                    /**
                     * Format: uri
                     * @description Another server with the same API; the server's own key does not go there
                     */
                    baseUrl?: string;
                } | {
                    /** @constant */
                    provider: "openai-compatible";
                    /** @default gpt-4o-mini */
                    model?: string;
                    /** @default 0.4 */
                    temperature?: number;
                    /** @default 400 */
                    maxOutputTokens?: number;
                    /** @description From the vault, of the engine's provider; without it the server's own key */
                    credentialId?: string;
                    /**
                     * Format: uri
                     * @description Another server with the same API; the server's own key does not go there
                     */
                    baseUrl?: string;
                } | {
                    /** @constant */
                    provider: "openai";
                    /** @default gpt-4.1-mini */
                    model?: string;
                    /** @default 0.4 */
                    temperature?: number;
                    /** @default 400 */
                    maxOutputTokens?: number;
                    /**
                     * @description Only for models that reason; without it the least that the model can
                     * @enum {string}
                     */
                    reasoningEffort?: "none" | "minimal" | "low" | "medium" | "high";
                    /** @description From the vault, of the engine's provider; without it the server's own key */
                    credentialId?: string;
                    /**
                     * Format: uri
                     * @description Another server with the same API; the server's own key does not go there
                     */
                    baseUrl?: string;
                } | {
                    /** @constant */
                    provider: "anthropic";
                    /** @default claude-haiku-4-5 */
                    model?: string;
                    /** @default 0.4 */
                    temperature?: number;
                    /** @default 400 */
                    maxOutputTokens?: number;
                    /** @description From the vault, of the engine's provider; without it the server's own key */
                    credentialId?: string;
                    /**
                     * Format: uri
                     * @description Another server with the same API; the server's own key does not go there
                     */
                    baseUrl?: string;
                } | {
                    /** @constant */
                    provider: "google";
                    /** @default gemini-2.5-flash */
                    model?: string;
                    /** @default 0.4 */
                    temperature?: number;
                    /** @default 400 */
                    maxOutputTokens?: number;
                    /** @description From the vault, of the engine's provider; without it the server's own key */
                    credentialId?: string;
                    /**
                     * Format: uri
                     * @description Another server with the same API; the server's own key does not go there
                     */
                    baseUrl?: string;
                } | {
                    /** @constant */
                    provider: "mistral";
                    /** @default mistral-small-latest */
                    model?: string;
                    /** @default 0.4 */
                    temperature?: number;
                    /** @default 400 */
                    maxOutputTokens?: number;
                    /** @description From the vault, of the engine's provider; without it the server's own key */
                    credentialId?: string;
                    /**
                     * Format: uri
                     * @description Another server with the same API; the server's own key does not go there
                     */
                    baseUrl?: string;
                } | {
                    /** @constant */
                    provider: "groq";
                    /** @default llama-3.3-70b-versatile */
                    model?: string;
                    /** @default 0.4 */
                    temperature?: number;
                    /** @default 400 */
                    maxOutputTokens?: number;
                    /** @description From the vault, of the engine's provider; without it the server's own key */
                    credentialId?: string;
                    /**
                     * Format: uri
                     * @description Another server with the same API; the server's own key does not go there
                     */
                    baseUrl?: string;
                } | {
                    /** @constant */
                    provider: "bedrock";
                    /** @default amazon.nova-lite-v1:0 */
                    model?: string;
                    /** @default 0.4 */
                    temperature?: number;
                    /** @default 400 */
                    maxOutputTokens?: number;
                    /** @description From the vault, of the engine's provider; without it the server's own key */
                    credentialId?: string;
                } | {
                    /** @constant */
                    provider: "azure-openai";
                    /**
                     * @description The name of the deployment
                     * @default gpt-4.1-mini
                     */
                    model?: string;
                    /** @default 0.4 */
                    temperature?: number;
                    /** @default 400 */
                    maxOutputTokens?: number;
                    /**
                     * @description Only for models that reason; without it the least that the model can
                     * @enum {string}
                     */
                    reasoningEffort?: "none" | "minimal" | "low" | "medium" | "high";
                    /** @description From the vault, of the engine's provider; without it the server's own key */
                    credentialId?: string;
                })[];
                /** @default [] */
                tts?: ({
                    /**
                     * @default local
                     * @constant
                     */
                    provider?: "local";
                    /**
                     * @description Not used by the local one
                     * @default tts-1
                     */
                    model?: string;
                    /**
                     * @description slt, rms or awb
                     * @default slt
                     */
                    voice?: string;
                    /** @default 1 */
                    speed?: number;
                    /** @description From the vault, of the engine's provider; without it the server's own key */
                    credentialId?: string;
                    /**
                     * Format: uri
                     * @description Another server with the same API; the server's own key does not go there
                     */
                    baseUrl?: string;
                } | {
                    /** @constant */
                    provider: "openai-compatible";
                    /** @default tts-1 */
                    model?: string;
                    /** @default alloy */
                    voice?: string;
                    /** @default 1 */
                    speed?: number;
                    /** @description From the vault, of the engine's provider; without it the server's own key */
                    credentialId?: string;
                    /**
                     * Format: uri
                     * @description Another server with the same API; the server's own key does not go there
                     */
                    baseUrl?: string;
                } | {
                    /** @constant */
                    provider: "elevenlabs";
                    /** @default eleven_flash_v2_5 */
                    model?: string;
                    /**
                     * @description The id of a voice
                     * @default JBFqnCBsd6RMkjVDRZzb
                     */
                    voice?: string;
                    /** @default 0.5 */
                    stability?: number;
                    /** @default 0.75 */
                    similarityBoost?: number;
                    /** @default 1 */
                    speed?: number;
                    /** @description From the vault, of the engine's provider; without it the server's own key */
                    credentialId?: string;
                    /**
                     * Format: uri
                     * @description Another server with the same API; the server's own key does not go there
                     */
                    baseUrl?: string;
                } | {
                    /** @constant */
                    provider: "cartesia";
                    /** @default sonic-3.5 */
                    model?: string;
                    /**
                     * @description The id of a voice
                     * @default f786b574-daa5-4673-aa0c-cbe3e8534c02
                     */
                    voice?: string;
                    /** @default 1 */
                    speed?: number;
                    /** @description From the vault, of the engine's provider; without it the server's own key */
                    credentialId?: string;
                    /**
                     * Format: uri
                     * @description Another server with the same API; the server's own key does not go there
                     */
                    baseUrl?: string;
                } | {
                    /** @constant */
                    provider: "deepgram";
                    /**
                     * @description Voice and model are one name
                     * @default aura-2-thalia-en
                     */
                    voice?: string;
                    /** @default 1 */
                    speed?: number;
                    /** @description From the vault, of the engine's provider; without it the server's own key */
                    credentialId?: string;
                    /**
                     * Format: uri
                     * @description Another server with the same API; the server's own key does not go there
                     */
                    baseUrl?: string;
                } | {
                    /** @constant */
                    provider: "openai";
                    /** @default gpt-4o-mini-tts */
                    model?: string;
                    /** @default alloy */
                    voice?: string;
                    /**
                     * @description How to speak, for models that take it
                     * @default
                     */
                    manner?: string;
                    /** @default 1 */
                    speed?: number;
                    /** @description From the vault, of the engine's provider; without it the server's own key */
                    credentialId?: string;
                    /**
                     * Format: uri
                     * @description Another server with the same API; the server's own key does not go there
                     */
                    baseUrl?: string;
                } | {
                    /** @constant */
                    provider: "google-cloud";
                    /** @default en-US-Chirp3-HD-Achernar */
                    voice?: string;
                    /** @default 1 */
                    speed?: number;
                    /** @description From the vault, of the engine's provider; without it the server's own key */
                    credentialId?: string;
                } | {
                    /** @constant */
                    provider: "azure-speech";
                    /** @default en-US-AvaNeural */
                    voice?: string;
                    /** @default 1 */
                    speed?: number;
                    /** @description From the vault, of the engine's provider; without it the server's own key */
                    credentialId?: string;
                })[];
            };
            /**
             * @description What a stage may take before the next engine of the chain is asked; without a chain `limits.providerMs` decides
             * @default {}
             */
            budgets?: {
                /**
                 * @description From the end of a segment to its final
                 * @default 1500
                 */
                sttMs?: number;
                /**
                 * @description From the request to the first text or tool call, and between two of them
                 * @default 1500
                 */
                llmMs?: number;
                /**
                 * @description From the piece of text to its first sound, and between two pieces of sound
                 * @default 1000
                 */
                ttsMs?: number;
            };
            /**
             * @description Said, from a cache, when an answer takes long; one after the other, and not twice in a row in one answer
             * @default {}
             */
            filler?: {
                /**
                 * @description After the end of the caller's turn
                 * @default 1800
                 */
                afterMs?: number;
                /**
                 * @description None: nothing is said
                 * @default [
                 *       "One moment, please.",
                 *       "I am still working on it."
                 *     ]
                 */
                phrases?: string[];
            };
            /**
             * @description What a language model may do
             * @default {}
             */
            tools?: {
                /** @default {} */
                builtIn?: {
                    /** @default true */
                    endCall?: boolean;
                    /** @default true */
                    transfer?: boolean;
                    /** @default false */
                    sendDtmf?: boolean;
                    /** @default false */
                    setMetadata?: boolean;
                };
                /** @default [] */
                http?: {
                    /** @constant */
                    type: "http";
                    name: string;
                    description: string;
                    /**
                     * @default GET
                     * @enum {string}
                     */
                    method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
                    url: string;
                    /** @default {} */
                    headers?: {
                        [key: string]: string;
                    };
                    /** @description Sent as `Authorization: Bearer`: a credential of provider `http` */
                    credentialId?: string;
                    /** @description A template; the values are put in as JSON. Without it: the arguments as a JSON object, for all methods but GET and DELETE */
                    body?: string;
                    /**
                     * @description JSON Schema of the arguments
                     * @default {
                     *       "type": "object",
                     *       "properties": {},
                     *       "additionalProperties": false
                     *     }
                     */
                    parameters?: {
                        [key: string]: unknown;
                    };
                    /** @default 8000 */
                    timeoutMs?: number;
                    /**
                     * @description Said while it runs; empty: only the filler
                     * @default
                     */
                    sayMeanwhile?: string;
                    /**
                     * @description It changes something: never run before the caller's turn is certain, never twice for one call of the model, not talked over
                     * @default true
                     */
                    sideEffect?: boolean;
                }[];
                /** @default [] */
                mcp?: {
                    name: string;
                    /** Format: uri */
                    url: string;
                    credentialId?: string;
                    /**
                     * @description Names of its tools that the model may use; empty: all, up to 40
                     * @default []
                     */
                    tools?: string[];
                    /** @default 8000 */
                    timeoutMs?: number;
                    /**
                     * @description Said while it runs; empty: only the filler
                     * @default
                     */
                    sayMeanwhile?: string;
                    /**
                     * @description It changes something: never run before the caller's turn is certain, never twice for one call of the model, not talked over
                     * @default true
                     */
                    sideEffect?: boolean;
                }[];
                /**
                 * @description The same call with the same arguments, in one answer of the assistant
                 * @default 2
                 */
                repeatsMax?: number;
                /**
                 * @description Rounds of tool calls in one answer
                 * @default 6
                 */
                roundsMax?: number;
            };
            /**
             * @description What the rule-based model (`llm.provider: local`) says
             * @default {}
             */
            dialogue?: {
                /** @default [] */
                intents?: {
                    name: string;
                    /** @description What a caller may say, whole sentences as spoken, digits in words */
                    phrases: string[];
                    /**
                     * @description Asked one after the other before the reply
                     * @default []
                     */
                    collect?: {
                        name: string;
                        /**
                         * @default digits
                         * @enum {string}
                         */
                        kind?: "digits" | "yes_no";
                        prompt: string;
                        /** @default 3 */
                        digitsMin?: number;
                        /** @default 15 */
                        digitsMax?: number;
                    }[];
                    /** @description Read back after collecting; a "no" starts the collecting again */
                    confirm?: string;
                    /** @description `{{name}}` is replaced by a slot or a variable */
                    reply: string;
                    action?: {
                        /** @constant */
                        type: "end_call";
                    } | {
                        /** @constant */
                        type: "transfer";
                        /** @description context,exten,priority; must be on the allow-list */
                        target: string;
                    };
                }[];
                /**
                 * @default [
                 *       "Sorry, I did not understand that. Could you say it in other words?",
                 *       "Sorry, I still did not get that."
                 *     ]
                 */
                notUnderstood?: string[];
                /**
                 * @description Said with the last `notUnderstood` in a row, to tell what can be asked
                 * @default
                 */
                help?: string;
            };
            /**
             * @description When a turn is over, and when the assistant is interrupted
             * @default {}
             */
            turn?: {
                /**
                 * @description Silence after words before the turn is the assistant's
                 * @default 500
                 */
                endpointingMs?: number;
                /**
                 * @description The same after a sentence that is evidently complete (it ends in . ! or ?)
                 * @default 300
                 */
                endpointingCompleteMs?: number;
                /**
                 * @description Speech over the assistant shorter than this does not stop it
                 * @default 300
                 */
                interruptAfterMs?: number;
                /**
                 * @description After the caller fell silent again without words, the assistant goes on when this has passed
                 * @default 700
                 */
                resumeAfterMs?: number;
                /**
                 * @description Sound before the detector was sure of speech that is given to the recogniser
                 * @default 300
                 */
                preRollMs?: number;
                /**
                 * @description Keys pressed within this time of each other are one answer; `#` ends it at once
                 * @default 1500
                 */
                dtmfGapMs?: number;
            };
            /**
             * @description What happens when the caller says nothing
             * @default {}
             */
            silence?: {
                /**
                 * @description Of silence after the assistant has spoken
                 * @default 8000
                 */
                promptAfterMs?: number;
                /**
                 * @description One is said each time the caller stays silent for `promptAfterMs`; after the last the goodbye
                 * @default [
                 *       "Are you still there?",
                 *       "I cannot hear you. Are you still there?"
                 *     ]
                 */
                prompts?: string[];
                /** @default I will hang up now. Goodbye. */
                goodbye?: string;
            };
            /**
             * @description Of the call, and of the patience with engines
             * @default {}
             */
            limits?: {
                /** @default 3600000 */
                callMs?: number;
                /**
                 * @description Said when the limit is reached, before hanging up
                 * @default We have reached the time limit of this call. Goodbye.
                 */
                callLimitGoodbye?: string;
                /**
                 * @description Said when the server stops and has waited long enough for the end of the call, before hanging up
                 * @default I am sorry, I have to end this call now. Please call again. Goodbye.
                 */
                serverStopGoodbye?: string;
                /**
                 * @description A recogniser, model or voice that says nothing for this long has failed
                 * @default 8000
                 */
                providerMs?: number;
            };
            /**
             * @description What happens when an engine has failed and nobody could take over
             * @default {}
             */
            failure?: {
                /** @default I am sorry, something is not working on our side. */
                say?: string;
                /**
                 * @description What follows the sentence. A second failure in a row always ends the call
                 * @default continue
                 * @enum {string}
                 */
                afterwards?: "continue" | "end";
            };
            /**
             * @description When the call is taken up again because the server that held it had died
             * @default {}
             */
            resumption?: {
                /**
                 * @description Said instead of the greeting; then what the caller said last is answered, or it is their turn
                 * @default Sorry, I lost you for a moment.
                 */
                say?: string;
            };
            /**
             * @description When the caller is handed over
             * @default {}
             */
            transfer?: {
                /**
                 * @description Said when the caller could not be handed over and no language model can find words for it
                 * @default I am sorry, I could not connect you.
                 */
                failed?: string;
            };
            /**
             * @description How words are said: for voices that read figures and abbreviations badly, and for names
             * @default {}
             */
            speaking?: {
                /**
                 * @description Written form to spoken form, whole words, also several; case does not count
                 * @default {}
                 */
                pronunciations?: {
                    [key: string]: string;
                };
                /**
                 * @description `auto`: what the voice is known not to read well is written out; `off`: the text goes to the voice as it is
                 * @default auto
                 * @enum {string}
                 */
                normalise?: "auto" | "on" | "off";
            };
            /**
             * @description What a language model makes of the transcript when the call has ended. Nothing of it is on by default
             * @default {}
             */
            afterCall?: {
                /**
                 * @description Two or three sentences, in the language of the assistant
                 * @default false
                 */
                summary?: boolean;
                /** @description What is to be found out, as a JSON Schema of an object */
                extract?: {
                    [key: string]: unknown;
                };
                /**
                 * @description When the call was a success, in words; the answer is yes, no or unknown
                 * @default
                 */
                success?: string;
                /**
                 * @description After this the call is told of without
                 * @default 30000
                 */
                timeoutMs?: number;
            };
            /**
             * @description Off by default, and costs nothing when off
             * @default {}
             */
            recording?: {
                /** @default false */
                enabled?: boolean;
            };
            /** @description Ignored: what was read may be put back as it is */
            id?: unknown;
            /** @description Ignored: what was read may be put back as it is */
            version?: unknown;
            /** @description Ignored: what was read may be put back as it is */
            createdAt?: unknown;
            /** @description Ignored: what was read may be put back as it is */
            updatedAt?: unknown;
            /** @description Ignored: what was read may be put back as it is */
            phoneDeployment?: unknown;
        };
        PhoneDeploymentInput: {
            /** @default true */
            enabled?: boolean;
            /**
             * @description Of provider `asterisk`. Calls that come in through the dialplan need none
             * @default null
             */
            credentialId?: string | null;
            /** @default {} */
            options?: {
                /** @description The caller id of calls that name none */
                phone?: "" | string;
                /** @description Answered calls go to this context of the dialplan */
                context?: "" | string;
                /** @default s */
                extension?: string;
                /**
                 * @description Without a context: the Stasis application that this server runs
                 * @default rapida
                 */
                app?: string;
                /** @enum {string} */
                endpoint_technology?: "PJSIP" | "SIP" | "IAX2" | "DAHDI";
                trunk?: "" | string;
            };
            /** @default {} */
            media?: {
                /**
                 * @default audiosocket
                 * @enum {string}
                 */
                transport?: "audiosocket" | "websocket";
                /**
                 * @description audiosocket: slin, or slin16 from Asterisk 20.17 and 22.7 on
                 * @default slin
                 * @enum {string}
                 */
                format?: "slin" | "slin16" | "ulaw" | "alaw";
                /**
                 * @description Section of websocket_client.conf
                 * @default rapida
                 */
                websocketClient?: string;
            };
            /** @description Instead of the assistant's */
            greeting?: string;
            /** @default {} */
            limits?: {
                /**
                 * @description How long the other side may ring
                 * @default 30000
                 */
                ringMs?: number;
                /** @description Ends a call; the shorter of this and the assistant's own limit */
                callMs?: number;
                /**
                 * @description Calls at once, in and out; null is no limit. Calls out wait their turn, calls in are refused with 503
                 * @default null
                 */
                concurrentCalls?: number | null;
            };
            /** @default {} */
            retry?: {
                /**
                 * @description Times a number is dialled in all
                 * @default 1
                 */
                attemptsMax?: number;
                /** @default 300000 */
                afterMs?: number;
                /**
                 * @default [
                 *       "busy",
                 *       "no_answer"
                 *     ]
                 */
                on?: ("busy" | "no_answer")[];
            };
            /**
             * @description Allow-list: `context,exten,priority`. Nothing else can be reached by a transfer
             * @default []
             */
            transferTargets?: string[];
        };
        OutboundInput: {
            /** @description ISO 8601, UTC */
            notBefore: string;
            /** @description Times it was dialled so far */
            attempt: number;
            attemptsMax: number;
            /** @description Of the last attempt; null: none yet */
            mode: ("dialplan" | "stasis") | null;
            /** @description Of the last attempt; null: none yet */
            credentialId: string | null;
        };
        CallOverridesShownInput: {
            /** @description What it had otherwise than its assistant */
            fields: string[];
            /** @description The instructions are not shown */
            values: {
                /** @description Instead of the one of the assistant and of its phone deployment */
                greeting?: string;
                language?: string;
                /** @description Before `args` and `metadata` */
                variables?: {
                    [key: string]: string;
                };
                tts?: {
                    voice?: string;
                    speed?: number;
                };
                llm?: {
                    model?: string;
                    temperature?: number;
                };
                limits?: {
                    callMs?: number;
                };
                /** @description A call may be left unrecorded */
                recording?: {
                    /** @constant */
                    enabled: false;
                };
            };
        };
        /** @description What a language model made of the call when it had ended; a part that was not wanted is null */
        CallAnalysisInput: {
            /** @enum {string} */
            state: "pending" | "done" | "failed";
            summary: string | null;
            /** @description By the schema of the assistant */
            extraction: {
                [key: string]: unknown;
            } | null;
            success: {
                /** @enum {string} */
                outcome: "yes" | "no" | "unknown";
                reason: string;
            } | null;
            /** @description The code of why there is none */
            error: string | null;
        };
        DialplanRequestInput: {
            assistantId: string;
            /** @description A release, e.g. `22` or `20.14.0`. Default: the newest of 22 */
            asterisk?: string;
            /**
             * @default audiosocket
             * @enum {string}
             */
            transport?: "audiosocket" | "websocket";
            /**
             * @description Default: inbound
             * @enum {string}
             */
            direction?: "inbound" | "outbound" | "both";
            /**
             * @description Whose files. Default: asterisk
             * @enum {string}
             */
            layout?: "asterisk" | "freepbx";
        };
        PercentilesInput: {
            p50: number;
            p95: number;
            turns: number;
        };
        FiguresInput: {
            calls: number;
            /** @description How many calls are in which state */
            outcomes: {
                [key: string]: number;
            };
            /** @description What follows is about so many of them, the newest of each bucket */
            detailed: number;
            /** @description null: no turn was measured */
            responseMs: {
                p50: number;
                p95: number;
                turns: number;
                parts: {
                    [key: string]: components["schemas"]["PercentilesInput"];
                };
            } | null;
            interruptions: number;
            providerErrors: number;
        };
        SessionInput: {
            /**
             * @description What it was opened with
             * @enum {string}
             */
            kind: "key" | "password";
            /** @description The key's name, or `admin` */
            name: string;
            /** @description null: opened with the password */
            keyId: string | null;
            projectId: string;
            scopes: ("inbound" | "calls" | "admin")[];
            /** @description ISO 8601, UTC */
            createdAt: string;
            /** @description It ends then at the latest; sooner where it is not used */
            expiresAt: string;
        };
        SignInInput: {
            apiKey: string;
        } | {
            password: string;
        };
        SetUpInput: {
            token: string;
            password: string;
        };
        PasswordChangeInput: {
            password: string;
            /** @description Needed in a session of the password */
            current?: string;
        };
        PhoneCallInput: {
            assistant: {
                /** @description Unsigned 64-bit number in decimal; as a JSON number only below 2^53 */
                assistantId: string | number;
                /** @description `latest`: the one that is live when the call is placed, and stays so for it; or the number of a version */
                version?: (string | number) | null;
            };
            /** @description Digits, * and #, with a + in front where it is international */
            toNumber: string;
            /** @description The caller id; without it the `phone` of the deployment */
            fromNumber?: string | null;
            /** @description Kept with the call */
            metadata?: {
                [key: string]: unknown;
            } | null;
            /** @description Values for what the assistant says */
            args?: {
                [key: string]: unknown;
            } | null;
            /** @description notBefore (ISO 8601), ringSeconds, attempts, retryAfterSeconds, retryOn, overrides (what this call has otherwise than its assistant, as an object or as JSON text) */
            options?: {
                [key: string]: unknown;
            } | null;
        };
        PlacedCallInput: {
            id: string;
            contextId: string;
            /**
             * @description The state of the call
             * @enum {string}
             */
            status: "queued" | "dialing" | "ringing" | "answered" | "registered" | "connected" | "completed" | "failed" | "no_answer" | "busy" | "rejected" | "cancelled" | "expired";
        };
        NewTestCallInput: {
            /**
             * @description `text`: what is typed is spoken into the call by a synthetic voice
             * @enum {string}
             */
            mode: "microphone" | "text";
            /** @description Of the assistant; default: the one that is live */
            version?: number;
            /**
             * @description Who is calling, for the assistant
             * @default browser
             */
            from?: string;
        };
        Error: {
            /** @description For people */
            error: string;
            /**
             * @description For programs; stable
             * @enum {string}
             */
            code: "invalid_request" | "body_too_large" | "not_found" | "assistant_id_malformed" | "caller_missing" | "key_missing" | "key_invalid" | "key_scope" | "session_missing" | "session_over" | "csrf_refused" | "password_wrong" | "password_unset" | "password_unfit" | "setup_token_invalid" | "too_many_sign_ins" | "assistant_not_found" | "assistant_invalid" | "assistant_name_taken" | "call_not_found" | "call_ended" | "resume_limit" | "call_not_live" | "node_gone" | "recording_not_found" | "key_not_found" | "credential_not_found" | "credential_invalid" | "credential_name_taken" | "credential_in_use" | "credential_unreadable" | "webhook_not_found" | "webhook_target_refused" | "webhook_limit" | "delivery_not_found" | "event_type_missing" | "deployment_invalid" | "deployment_incomplete" | "number_missing" | "number_invalid" | "caller_id_invalid" | "assistant_version_not_found" | "bulk_invalid" | "idempotency_conflict" | "too_many_streams" | "queue_full" | "number_rejected" | "trunk_unknown" | "ari_unauthorized" | "ari_unreachable" | "ari_failed" | "no_media" | "deployment_disabled" | "transfer_not_allowed" | "at_capacity" | "draining" | "context_malformed" | "context_unknown" | "context_used" | "context_expired" | "context_mismatch" | "media_start_missing" | "media_format_unknown" | "bad_handshake" | "answer_timeout" | "stopping" | "too_many_connections" | "setting_invalid" | "port_in_use" | "provider_unconfigured" | "provider_auth" | "provider_rejected" | "provider_rate_limited" | "provider_unavailable" | "provider_timeout" | "provider_protocol" | "tool_unknown" | "tool_refused" | "tool_failed" | "tool_timeout" | "analysis_malformed" | "analysis_overloaded" | "analysis_abandoned" | "phrase_unknown_word" | "store_failed" | "internal";
        };
        TalkError: {
            /** @description The HTTP status */
            code: number;
            /** @constant */
            success: false;
            error: {
                /** @description For programs; stable: a number in decimal */
                errorCode: string;
                /** @description The code that other routes answer with, a colon, and the text for people */
                errorMessage: string;
                /** @description For people */
                humanMessage: string;
            };
        };
        ApiKey: {
            id: string;
            name: string;
            scopes: ("inbound" | "calls" | "admin")[];
            /** @description The first characters, to tell keys apart */
            prefix: string;
            /** @description ISO 8601, UTC */
            createdAt: string;
            revokedAt: string | null;
        };
        CreatedApiKey: {
            id: string;
            name: string;
            scopes: ("inbound" | "calls" | "admin")[];
            /** @description The first characters, to tell keys apart */
            prefix: string;
            /** @description ISO 8601, UTC */
            createdAt: string;
            revokedAt: string | null;
            /** @description Shown this one time only */
            key: string;
        };
        PhoneDeployment: {
            /** @default true */
            enabled: boolean;
            /**
             * @description Of provider `asterisk`. Calls that come in through the dialplan need none
             * @default null
             */
            credentialId: string | null;
            options: {
                /** @description The caller id of calls that name none */
                phone?: "" | string;
                /** @description Answered calls go to this context of the dialplan */
                context?: "" | string;
                /** @default s */
                extension: string;
                /**
                 * @description Without a context: the Stasis application that this server runs
                 * @default rapida
                 */
                app: string;
                /** @enum {string} */
                endpoint_technology?: "PJSIP" | "SIP" | "IAX2" | "DAHDI";
                trunk?: "" | string;
            };
            media: {
                /**
                 * @default audiosocket
                 * @enum {string}
                 */
                transport: "audiosocket" | "websocket";
                /**
                 * @description audiosocket: slin, or slin16 from Asterisk 20.17 and 22.7 on
                 * @default slin
                 * @enum {string}
                 */
                format: "slin" | "slin16" | "ulaw" | "alaw";
                /**
                 * @description Section of websocket_client.conf
                 * @default rapida
                 */
                websocketClient: string;
            };
            /** @description Instead of the assistant's */
            greeting?: string;
            limits: {
                /**
                 * @description How long the other side may ring
                 * @default 30000
                 */
                ringMs: number;
                /** @description Ends a call; the shorter of this and the assistant's own limit */
                callMs?: number;
                /**
                 * @description Calls at once, in and out; null is no limit. Calls out wait their turn, calls in are refused with 503
                 * @default null
                 */
                concurrentCalls: number | null;
            };
            retry: {
                /**
                 * @description Times a number is dialled in all
                 * @default 1
                 */
                attemptsMax: number;
                /** @default 300000 */
                afterMs: number;
                /**
                 * @default [
                 *       "busy",
                 *       "no_answer"
                 *     ]
                 */
                on: ("busy" | "no_answer")[];
            };
            /**
             * @description Allow-list: `context,exten,priority`. Nothing else can be reached by a transfer
             * @default []
             */
            transferTargets: string[];
        };
        Assistant: {
            /** @description Unique in the project */
            name: string;
            /**
             * @description BCP 47; the local recogniser and the local voice have English only
             * @default en-US
             */
            language: string;
            /**
             * @description Said first; empty: the assistant waits for the caller
             * @default Hello, how can I help you?
             */
            greeting: string;
            /**
             * @description The system prompt of a language model; the rule-based one does not read it
             * @default You are a friendly assistant on the telephone. Answer in one or two short sentences.
             */
            instructions: string;
            /**
             * @description What `{{name}}` in sentences, instructions and tools stands for, where the call brings no other value
             * @default {}
             */
            variables: {
                [key: string]: string;
            };
            /** @description Recogniser */
            stt: {
                /**
                 * @default local
                 * @constant
                 */
                provider: "local";
                /**
                 * @description Not used by the local one
                 * @default whisper-1
                 */
                model: string;
                /** @description From the vault, of the engine's provider; without it the server's own key */
                credentialId?: string;
                /**
                 * Format: uri
                 * @description Another server with the same API; the server's own key does not go there
                 */
                baseUrl?: string;
            } | {
                /** @constant */
                provider: "openai-compatible";
                /** @default whisper-1 */
                model: string;
                /** @description From the vault, of the engine's provider; without it the server's own key */
                credentialId?: string;
                /**
                 * Format: uri
                 * @description Another server with the same API; the server's own key does not go there
                 */
                baseUrl?: string;
            } | {
                /** @constant */
                provider: "deepgram";
                /** @default nova-3 */
                model: string;
                /** @default [] */
                keyTerms: string[];
                /**
                 * @description Figures, dates and money as they are written
                 * @default true
                 */
                smartFormat: boolean;
                /** @description From the vault, of the engine's provider; without it the server's own key */
                credentialId?: string;
                /**
                 * Format: uri
                 * @description Another server with the same API; the server's own key does not go there
                 */
                baseUrl?: string;
            } | {
                /** @constant */
                provider: "assemblyai";
                /** @default universal-streaming-english */
                model: string;
                /** @default [] */
                keyTerms: string[];
                /** @description From the vault, of the engine's provider; without it the server's own key */
                credentialId?: string;
                /**
                 * Format: uri
                 * @description Another server with the same API; the server's own key does not go there
                 */
                baseUrl?: string;
            } | {
                /** @constant */
                provider: "openai";
                /** @default gpt-4o-mini-transcribe */
                model: string;
                /** @default [] */
                keyTerms: string[];
                /** @description From the vault, of the engine's provider; without it the server's own key */
                credentialId?: string;
                /**
                 * Format: uri
                 * @description Another server with the same API; the server's own key does not go there
                 */
                baseUrl?: string;
            } | {
                /** @constant */
                provider: "google-cloud";
                /**
                 * @description `telephony`, `chirp_2`, `long`, ... of Speech-to-Text v2
                 * @default telephony
                 */
                model: string;
                /** @default global */
                location: string;
                /** @default [] */
                keyTerms: string[];
                /**
                 * @description Google refuses it where model and language do not have it
                 * @default false
                 */
                punctuation: boolean;
                /** @description From the vault, of the engine's provider; without it the server's own key */
                credentialId?: string;
            } | {
                /** @constant */
                provider: "azure-speech";
                /** @default [] */
                keyTerms: string[];
                /** @description From the vault, of the engine's provider; without it the server's own key */
                credentialId?: string;
            };
            /** @description Language model */
            llm: {
                /**
                 * @default local
                 * @constant
                 */
                provider: "local";
                /**
                 * @description Not used by the local one
                 * @default gpt-4o-mini
                 */
                model: string;
                /** @default 0.4 */
                temperature: number;
                /** @default 400 */
                maxOutputTokens: number;
                /** @description From the vault, of the engine's provider; without it the server's own key */
                credentialId?: string;
                /**
                 * Format: uri
                 * @description Another server with the same API; the server's own key does not go there
                 */
                baseUrl?: string;
            } | {
                /** @constant */
                provider: "openai-compatible";
                /** @default gpt-4o-mini */
                model: string;
                /** @default 0.4 */
                temperature: number;
                /** @default 400 */
                maxOutputTokens: number;
                /** @description From the vault, of the engine's provider; without it the server's own key */
                credentialId?: string;
                /**
                 * Format: uri
                 * @description Another server with the same API; the server's own key does not go there
                 */
                baseUrl?: string;
            } | {
                /** @constant */
                provider: "openai";
                /** @default gpt-4.1-mini */
                model: string;
                /** @default 0.4 */
                temperature: number;
                /** @default 400 */
                maxOutputTokens: number;
                /**
                 * @description Only for models that reason; without it the least that the model can
                 * @enum {string}
                 */
                reasoningEffort?: "none" | "minimal" | "low" | "medium" | "high";
                /** @description From the vault, of the engine's provider; without it the server's own key */
                credentialId?: string;
                /**
                 * Format: uri
                 * @description Another server with the same API; the server's own key does not go there
                 */
                baseUrl?: string;
            } | {
                /** @constant */
                provider: "anthropic";
                /** @default claude-haiku-4-5 */
                model: string;
                /** @default 0.4 */
                temperature: number;
                /** @default 400 */
                maxOutputTokens: number;
                /** @description From the vault, of the engine's provider; without it the server's own key */
                credentialId?: string;
                /**
                 * Format: uri
                 * @description Another server with the same API; the server's own key does not go there
                 */
                baseUrl?: string;
            } | {
                /** @constant */
                provider: "google";
                /** @default gemini-2.5-flash */
                model: string;
                /** @default 0.4 */
                temperature: number;
                /** @default 400 */
                maxOutputTokens: number;
                /** @description From the vault, of the engine's provider; without it the server's own key */
                credentialId?: string;
                /**
                 * Format: uri
                 * @description Another server with the same API; the server's own key does not go there
                 */
                baseUrl?: string;
            } | {
                /** @constant */
                provider: "mistral";
                /** @default mistral-small-latest */
                model: string;
                /** @default 0.4 */
                temperature: number;
                /** @default 400 */
                maxOutputTokens: number;
                /** @description From the vault, of the engine's provider; without it the server's own key */
                credentialId?: string;
                /**
                 * Format: uri
                 * @description Another server with the same API; the server's own key does not go there
                 */
                baseUrl?: string;
            } | {
                /** @constant */
                provider: "groq";
                /** @default llama-3.3-70b-versatile */
                model: string;
                /** @default 0.4 */
                temperature: number;
                /** @default 400 */
                maxOutputTokens: number;
                /** @description From the vault, of the engine's provider; without it the server's own key */
                credentialId?: string;
                /**
                 * Format: uri
                 * @description Another server with the same API; the server's own key does not go there
                 */
                baseUrl?: string;
            } | {
                /** @constant */
                provider: "bedrock";
                /** @default amazon.nova-lite-v1:0 */
                model: string;
                /** @default 0.4 */
                temperature: number;
                /** @default 400 */
                maxOutputTokens: number;
                /** @description From the vault, of the engine's provider; without it the server's own key */
                credentialId?: string;
            } | {
                /** @constant */
                provider: "azure-openai";
                /**
                 * @description The name of the deployment
                 * @default gpt-4.1-mini
                 */
                model: string;
                /** @default 0.4 */
                temperature: number;
                /** @default 400 */
                maxOutputTokens: number;
                /**
                 * @description Only for models that reason; without it the least that the model can
                 * @enum {string}
                 */
                reasoningEffort?: "none" | "minimal" | "low" | "medium" | "high";
                /** @description From the vault, of the engine's provider; without it the server's own key */
                credentialId?: string;
            };
            /** @description Voice */
            tts: {
                /**
                 * @default local
                 * @constant
                 */
                provider: "local";
                /**
                 * @description Not used by the local one
                 * @default tts-1
                 */
                model: string;
                /**
                 * @description slt, rms or awb
                 * @default slt
                 */
                voice: string;
                /** @default 1 */
                speed: number;
                /** @description From the vault, of the engine's provider; without it the server's own key */
                credentialId?: string;
                /**
                 * Format: uri
                 * @description Another server with the same API; the server's own key does not go there
                 */
                baseUrl?: string;
            } | {
                /** @constant */
                provider: "openai-compatible";
                /** @default tts-1 */
                model: string;
                /** @default alloy */
                voice: string;
                /** @default 1 */
                speed: number;
                /** @description From the vault, of the engine's provider; without it the server's own key */
                credentialId?: string;
                /**
                 * Format: uri
                 * @description Another server with the same API; the server's own key does not go there
                 */
                baseUrl?: string;
            } | {
                /** @constant */
                provider: "elevenlabs";
                /** @default eleven_flash_v2_5 */
                model: string;
                /**
                 * @description The id of a voice
                 * @default JBFqnCBsd6RMkjVDRZzb
                 */
                voice: string;
                /** @default 0.5 */
                stability: number;
                /** @default 0.75 */
                similarityBoost: number;
                /** @default 1 */
                speed: number;
                /** @description From the vault, of the engine's provider; without it the server's own key */
                credentialId?: string;
                /**
                 * Format: uri
                 * @description Another server with the same API; the server's own key does not go there
                 */
                baseUrl?: string;
            } | {
                /** @constant */
                provider: "cartesia";
                /** @default sonic-3.5 */
                model: string;
                /**
                 * @description The id of a voice
                 * @default f786b574-daa5-4673-aa0c-cbe3e8534c02
                 */
                voice: string;
                /** @default 1 */
                speed: number;
                /** @description From the vault, of the engine's provider; without it the server's own key */
                credentialId?: string;
                /**
                 * Format: uri
                 * @description Another server with the same API; the server's own key does not go there
                 */
                baseUrl?: string;
            } | {
                /** @constant */
                provider: "deepgram";
                /**
                 * @description Voice and model are one name
                 * @default aura-2-thalia-en
                 */
                voice: string;
                /** @default 1 */
                speed: number;
                /** @description From the vault, of the engine's provider; without it the server's own key */
                credentialId?: string;
                /**
                 * Format: uri
                 * @description Another server with the same API; the server's own key does not go there
                 */
                baseUrl?: string;
            } | {
                /** @constant */
                provider: "openai";
                /** @default gpt-4o-mini-tts */
                model: string;
                /** @default alloy */
                voice: string;
                /**
                 * @description How to speak, for models that take it
                 * @default
                 */
                manner: string;
                /** @default 1 */
                speed: number;
                /** @description From the vault, of the engine's provider; without it the server's own key */
                credentialId?: string;
                /**
                 * Format: uri
                 * @description Another server with the same API; the server's own key does not go there
                 */
                baseUrl?: string;
            } | {
                /** @constant */
                provider: "google-cloud";
                /** @default en-US-Chirp3-HD-Achernar */
                voice: string;
                /** @default 1 */
                speed: number;
                /** @description From the vault, of the engine's provider; without it the server's own key */
                credentialId?: string;
            } | {
                /** @constant */
                provider: "azure-speech";
                /** @default en-US-AvaNeural */
                voice: string;
                /** @default 1 */
                speed: number;
                /** @description From the vault, of the engine's provider; without it the server's own key */
                credentialId?: string;
            };
            /** @description A model that hears and speaks itself: it takes the place of recogniser, model and voice */
            realtime?: {
                /** @constant */
                provider: "openai";
                /** @default gpt-realtime-2.1 */
                model: string;
                /** @default marin */
                voice: string;
                /** @default gpt-transcribe */
                transcriptionModel: string;
                /** @description From the vault, of the engine's provider; without it the server's own key */
                credentialId?: string;
                /**
                 * Format: uri
                 * @description Another server with the same API; the server's own key does not go there
                 */
                baseUrl?: string;
            } | {
                /** @constant */
                provider: "google";
                /** @default gemini-3.8-live */
                model: string;
                /** @default Kore */
                voice: string;
                /** @description From the vault, of the engine's provider; without it the server's own key */
                credentialId?: string;
                /**
                 * Format: uri
                 * @description Another server with the same API; the server's own key does not go there
                 */
                baseUrl?: string;
            };
            /** @description Who takes over, inside the turn, when an engine fails or exceeds its budget */
            fallback: {
                /** @default [] */
                stt: ({
                    /**
                     * @default local
                     * @constant
                     */
                    provider: "local";
                    /**
                     * @description Not used by the local one
                     * @default whisper-1
                     */
                    model: string;
                    /** @description From the vault, of the engine's provider; without it the server's own key */
                    credentialId?: string;
                    /**
                     * Format: uri
                     * @description Another server with the same API; the server's own key does not go there
                     */
                    baseUrl?: string;
                } | {
                    /** @constant */
                    provider: "openai-compatible";
                    /** @default whisper-1 */
                    model: string;
                    /** @description From the vault, of the engine's provider; without it the server's own key */
                    credentialId?: string;
                    /**
                     * Format: uri
                     * @description Another server with the same API; the server's own key does not go there
                     */
                    baseUrl?: string;
                } | {
                    /** @constant */
                    provider: "deepgram";
                    /** @default nova-3 */
                    model: string;
                    /** @default [] */
                    keyTerms: string[];
                    /**
                     * @description Figures, dates and money as they are written
                     * @default true
                     */
                    smartFormat: boolean;
                    /** @description From the vault, of the engine's provider; without it the server's own key */
                    credentialId?: string;
                    /**
                     * Format: uri
                     * @description Another server with the same API; the server's own key does not go there
                     */
                    baseUrl?: string;
                } | {
                    /** @constant */
                    provider: "assemblyai";
                    /** @default universal-streaming-english */
                    model: string;
                    /** @default [] */
                    keyTerms: string[];
                    /** @description From the vault, of the engine's provider; without it the server's own key */
                    credentialId?: string;
                    /**
                     * Format: uri
                     * @description Another server with the same API; the server's own key does not go there
                     */
                    baseUrl?: string;
                } | {
                    /** @constant */
                    provider: "openai";
                    /** @default gpt-4o-mini-transcribe */
                    model: string;
                    /** @default [] */
                    keyTerms: string[];
                    /** @description From the vault, of the engine's provider; without it the server's own key */
                    credentialId?: string;
                    /**
                     * Format: uri
                     * @description Another server with the same API; the server's own key does not go there
                     */
                    baseUrl?: string;
                } | {
                    /** @constant */
                    provider: "google-cloud";
                    /**
                     * @description `telephony`, `chirp_2`, `long`, ... of Speech-to-Text v2
                     * @default telephony
                     */
                    model: string;
                    /** @default global */
                    location: string;
                    /** @default [] */
                    keyTerms: string[];
                    /**
                     * @description Google refuses it where model and language do not have it
                     * @default false
                     */
                    punctuation: boolean;
                    /** @description From the vault, of the engine's provider; without it the server's own key */
                    credentialId?: string;
                } | {
                    /** @constant */
                    provider: "azure-speech";
                    /** @default [] */
                    keyTerms: string[];
                    /** @description From the vault, of the engine's provider; without it the server's own key */
                    credentialId?: string;
                })[];
                /** @default [] */
                llm: ({
                    /**
                     * @default local
                     * @constant
                     */
                    provider: "local";
                    /**
                     * @description Not used by the local one
                     * @default gpt-4o-mini
                     */
                    model: string;
                    /** @default 0.4 */
                    temperature: number;
                    /** @default 400 */
                    maxOutputTokens: number;
                    /** @description From the vault, of the engine's provider; without it the server's own key */
                    credentialId?: string;
                    /**
                     * Format: uri
                     * @description Another server with the same API; the server's own key does not go there
                     */
                    baseUrl?: string;
                } | {
                    /** @constant */
                    provider: "openai-compatible";
                    /** @default gpt-4o-mini */
                    model: string;
                    /** @default 0.4 */
                    temperature: number;
                    /** @default 400 */
                    maxOutputTokens: number;
                    /** @description From the vault, of the engine's provider; without it the server's own key */
                    credentialId?: string;
                    /**
                     * Format: uri
                     * @description Another server with the same API; the server's own key does not go there
                     */
                    baseUrl?: string;
                } | {
                    /** @constant */
                    provider: "openai";
                    /** @default gpt-4.1-mini */
                    model: string;
                    /** @default 0.4 */
                    temperature: number;
                    /** @default 400 */
                    maxOutputTokens: number;
                    /**
                     * @description Only for models that reason; without it the least that the model can
                     * @enum {string}
                     */
                    reasoningEffort?: "none" | "minimal" | "low" | "medium" | "high";
                    /** @description From the vault, of the engine's provider; without it the server's own key */
                    credentialId?: string;
                    /**
                     * Format: uri
                     * @description Another server with the same API; the server's own key does not go there
                     */
                    baseUrl?: string;
                } | {
                    /** @constant */
                    provider: "anthropic";
                    /** @default claude-haiku-4-5 */
                    model: string;
                    /** @default 0.4 */
                    temperature: number;
                    /** @default 400 */
                    maxOutputTokens: number;
                    /** @description From the vault, of the engine's provider; without it the server's own key */
                    credentialId?: string;
                    /**
                     * Format: uri
                     * @description Another server with the same API; the server's own key does not go there
                     */
                    baseUrl?: string;
                } | {
                    /** @constant */
                    provider: "google";
                    /** @default gemini-2.5-flash */
                    model: string;
                    /** @default 0.4 */
                    temperature: number;
                    /** @default 400 */
                    maxOutputTokens: number;
                    /** @description From the vault, of the engine's provider; without it the server's own key */
                    credentialId?: string;
                    /**
                     * Format: uri
                     * @description Another server with the same API; the server's own key does not go there
                     */
                    baseUrl?: string;
                } | {
                    /** @constant */
                    provider: "mistral";
                    /** @default mistral-small-latest */
                    model: string;
                    /** @default 0.4 */
                    temperature: number;
                    /** @default 400 */
                    maxOutputTokens: number;
                    /** @description From the vault, of the engine's provider; without it the server's own key */
                    credentialId?: string;
                    /**
                     * Format: uri
                     * @description Another server with the same API; the server's own key does not go there
                     */
                    baseUrl?: string;
                } | {
                    /** @constant */
                    provider: "groq";
                    /** @default llama-3.3-70b-versatile */
                    model: string;
                    /** @default 0.4 */
                    temperature: number;
                    /** @default 400 */
                    maxOutputTokens: number;
                    /** @description From the vault, of the engine's provider; without it the server's own key */
                    credentialId?: string;
                    /**
                     * Format: uri
                     * @description Another server with the same API; the server's own key does not go there
                     */
                    baseUrl?: string;
                } | {
                    /** @constant */
                    provider: "bedrock";
                    /** @default amazon.nova-lite-v1:0 */
                    model: string;
                    /** @default 0.4 */
                    temperature: number;
                    /** @default 400 */
                    maxOutputTokens: number;
                    /** @description From the vault, of the engine's provider; without it the server's own key */
                    credentialId?: string;
                } | {
                    /** @constant */
                    provider: "azure-openai";
                    /**
                     * @description The name of the deployment
                     * @default gpt-4.1-mini
                     */
                    model: string;
                    /** @default 0.4 */
                    temperature: number;
                    /** @default 400 */
                    maxOutputTokens: number;
                    /**
                     * @description Only for models that reason; without it the least that the model can
                     * @enum {string}
                     */
                    reasoningEffort?: "none" | "minimal" | "low" | "medium" | "high";
                    /** @description From the vault, of the engine's provider; without it the server's own key */
                    credentialId?: string;
                })[];
                /** @default [] */
                tts: ({
                    /**
                     * @default local
                     * @constant
                     */
                    provider: "local";
                    /**
                     * @description Not used by the local one
                     * @default tts-1
                     */
                    model: string;
                    /**
                     * @description slt, rms or awb
                     * @default slt
                     */
                    voice: string;
                    /** @default 1 */
                    speed: number;
                    /** @description From the vault, of the engine's provider; without it the server's own key */
                    credentialId?: string;
                    /**
                     * Format: uri
                     * @description Another server with the same API; the server's own key does not go there
                     */
                    baseUrl?: string;
                } | {
                    /** @constant */
                    provider: "openai-compatible";
                    /** @default tts-1 */
                    model: string;
                    /** @default alloy */
                    voice: string;
                    /** @default 1 */
                    speed: number;
                    /** @description From the vault, of the engine's provider; without it the server's own key */
                    credentialId?: string;
                    /**
                     * Format: uri
                     * @description Another server with the same API; the server's own key does not go there
                     */
                    baseUrl?: string;
                } | {
                    /** @constant */
                    provider: "elevenlabs";
                    /** @default eleven_flash_v2_5 */
                    model: string;
                    /**
                     * @description The id of a voice
                     * @default JBFqnCBsd6RMkjVDRZzb
                     */
                    voice: string;
                    /** @default 0.5 */
                    stability: number;
                    /** @default 0.75 */
                    similarityBoost: number;
                    /** @default 1 */
                    speed: number;
                    /** @description From the vault, of the engine's provider; without it the server's own key */
                    credentialId?: string;
                    /**
                     * Format: uri
                     * @description Another server with the same API; the server's own key does not go there
                     */
                    baseUrl?: string;
                } | {
                    /** @constant */
                    provider: "cartesia";
                    /** @default sonic-3.5 */
                    model: string;
                    /**
                     * @description The id of a voice
                     * @default f786b574-daa5-4673-aa0c-cbe3e8534c02
                     */
                    voice: string;
                    /** @default 1 */
                    speed: number;
                    /** @description From the vault, of the engine's provider; without it the server's own key */
                    credentialId?: string;
                    /**
                     * Format: uri
                     * @description Another server with the same API; the server's own key does not go there
                     */
                    baseUrl?: string;
                } | {
                    /** @constant */
                    provider: "deepgram";
                    /**
                     * @description Voice and model are one name
                     * @default aura-2-thalia-en
                     */
                    voice: string;
                    /** @default 1 */
                    speed: number;
                    /** @description From the vault, of the engine's provider; without it the server's own key */
                    credentialId?: string;
                    /**
                     * Format: uri
                     * @description Another server with the same API; the server's own key does not go there
                     */
                    baseUrl?: string;
                } | {
                    /** @constant */
                    provider: "openai";
                    /** @default gpt-4o-mini-tts */
                    model: string;
                    /** @default alloy */
                    voice: string;
                    /**
                     * @description How to speak, for models that take it
                     * @default
                     */
                    manner: string;
                    /** @default 1 */
                    speed: number;
                    /** @description From the vault, of the engine's provider; without it the server's own key */
                    credentialId?: string;
                    /**
                     * Format: uri
                     * @description Another server with the same API; the server's own key does not go there
                     */
                    baseUrl?: string;
                } | {
                    /** @constant */
                    provider: "google-cloud";
                    /** @default en-US-Chirp3-HD-Achernar */
                    voice: string;
                    /** @default 1 */
                    speed: number;
                    /** @description From the vault, of the engine's provider; without it the server's own key */
                    credentialId?: string;
                } | {
                    /** @constant */
                    provider: "azure-speech";
                    /** @default en-US-AvaNeural */
                    voice: string;
                    /** @default 1 */
                    speed: number;
                    /** @description From the vault, of the engine's provider; without it the server's own key */
                    credentialId?: string;
                })[];
            };
            /** @description What a stage may take before the next engine of the chain is asked; without a chain `limits.providerMs` decides */
            budgets: {
                /**
                 * @description From the end of a segment to its final
                 * @default 1500
                 */
                sttMs: number;
                /**
                 * @description From the request to the first text or tool call, and between two of them
                 * @default 1500
                 */
                llmMs: number;
                /**
                 * @description From the piece of text to its first sound, and between two pieces of sound
                 * @default 1000
                 */
                ttsMs: number;
            };
            /** @description Said, from a cache, when an answer takes long; one after the other, and not twice in a row in one answer */
            filler: {
                /**
                 * @description After the end of the caller's turn
                 * @default 1800
                 */
                afterMs: number;
                /**
                 * @description None: nothing is said
                 * @default [
                 *       "One moment, please.",
                 *       "I am still working on it."
                 *     ]
                 */
                phrases: string[];
            };
            /** @description What a language model may do */
            tools: {
                builtIn: {
                    /** @default true */
                    endCall: boolean;
                    /** @default true */
                    transfer: boolean;
                    /** @default false */
                    sendDtmf: boolean;
                    /** @default false */
                    setMetadata: boolean;
                };
                /** @default [] */
                http: {
                    /** @constant */
                    type: "http";
                    name: string;
                    description: string;
                    /**
                     * @default GET
                     * @enum {string}
                     */
                    method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
                    url: string;
                    /** @default {} */
                    headers: {
                        [key: string]: string;
                    };
                    /** @description Sent as `Authorization: Bearer`: a credential of provider `http` */
                    credentialId?: string;
                    /** @description A template; the values are put in as JSON. Without it: the arguments as a JSON object, for all methods but GET and DELETE */
                    body?: string;
                    /**
                     * @description JSON Schema of the arguments
                     * @default {
                     *       "type": "object",
                     *       "properties": {},
                     *       "additionalProperties": false
                     *     }
                     */
                    parameters: {
                        [key: string]: unknown;
                    };
                    /** @default 8000 */
                    timeoutMs: number;
                    /**
                     * @description Said while it runs; empty: only the filler
                     * @default
                     */
                    sayMeanwhile: string;
                    /**
                     * @description It changes something: never run before the caller's turn is certain, never twice for one call of the model, not talked over
                     * @default true
                     */
                    sideEffect: boolean;
                }[];
                /** @default [] */
                mcp: {
                    name: string;
                    /** Format: uri */
                    url: string;
                    credentialId?: string;
                    /**
                     * @description Names of its tools that the model may use; empty: all, up to 40
                     * @default []
                     */
                    tools: string[];
                    /** @default 8000 */
                    timeoutMs: number;
                    /**
                     * @description Said while it runs; empty: only the filler
                     * @default
                     */
                    sayMeanwhile: string;
                    /**
                     * @description It changes something: never run before the caller's turn is certain, never twice for one call of the model, not talked over
                     * @default true
                     */
                    sideEffect: boolean;
                }[];
                /**
                 * @description The same call with the same arguments, in one answer of the assistant
                 * @default 2
                 */
                repeatsMax: number;
                /**
                 * @description Rounds of tool calls in one answer
                 * @default 6
                 */
                roundsMax: number;
            };
            /** @description What the rule-based model (`llm.provider: local`) says */
            dialogue: {
                /** @default [] */
                intents: {
                    name: string;
                    /** @description What a caller may say, whole sentences as spoken, digits in words */
                    phrases: string[];
                    /**
                     * @description Asked one after the other before the reply
                     * @default []
                     */
                    collect: {
                        name: string;
                        /**
                         * @default digits
                         * @enum {string}
                         */
                        kind: "digits" | "yes_no";
                        prompt: string;
                        /** @default 3 */
                        digitsMin: number;
                        /** @default 15 */
                        digitsMax: number;
                    }[];
                    /** @description Read back after collecting; a "no" starts the collecting again */
                    confirm?: string;
                    /** @description `{{name}}` is replaced by a slot or a variable */
                    reply: string;
                    action?: {
                        /** @constant */
                        type: "end_call";
                    } | {
                        /** @constant */
                        type: "transfer";
                        /** @description context,exten,priority; must be on the allow-list */
                        target: string;
                    };
                }[];
                /**
                 * @default [
                 *       "Sorry, I did not understand that. Could you say it in other words?",
                 *       "Sorry, I still did not get that."
                 *     ]
                 */
                notUnderstood: string[];
                /**
                 * @description Said with the last `notUnderstood` in a row, to tell what can be asked
                 * @default
                 */
                help: string;
            };
            /** @description When a turn is over, and when the assistant is interrupted */
            turn: {
                /**
                 * @description Silence after words before the turn is the assistant's
                 * @default 500
                 */
                endpointingMs: number;
                /**
                 * @description The same after a sentence that is evidently complete (it ends in . ! or ?)
                 * @default 300
                 */
                endpointingCompleteMs: number;
                /**
                 * @description Speech over the assistant shorter than this does not stop it
                 * @default 300
                 */
                interruptAfterMs: number;
                /**
                 * @description After the caller fell silent again without words, the assistant goes on when this has passed
                 * @default 700
                 */
                resumeAfterMs: number;
                /**
                 * @description Sound before the detector was sure of speech that is given to the recogniser
                 * @default 300
                 */
                preRollMs: number;
                /**
                 * @description Keys pressed within this time of each other are one answer; `#` ends it at once
                 * @default 1500
                 */
                dtmfGapMs: number;
            };
            /** @description What happens when the caller says nothing */
            silence: {
                /**
                 * @description Of silence after the assistant has spoken
                 * @default 8000
                 */
                promptAfterMs: number;
                /**
                 * @description One is said each time the caller stays silent for `promptAfterMs`; after the last the goodbye
                 * @default [
                 *       "Are you still there?",
                 *       "I cannot hear you. Are you still there?"
                 *     ]
                 */
                prompts: string[];
                /** @default I will hang up now. Goodbye. */
                goodbye: string;
            };
            /** @description Of the call, and of the patience with engines */
            limits: {
                /** @default 3600000 */
                callMs: number;
                /**
                 * @description Said when the limit is reached, before hanging up
                 * @default We have reached the time limit of this call. Goodbye.
                 */
                callLimitGoodbye: string;
                /**
                 * @description Said when the server stops and has waited long enough for the end of the call, before hanging up
                 * @default I am sorry, I have to end this call now. Please call again. Goodbye.
                 */
                serverStopGoodbye: string;
                /**
                 * @description A recogniser, model or voice that says nothing for this long has failed
                 * @default 8000
                 */
                providerMs: number;
            };
            /** @description What happens when an engine has failed and nobody could take over */
            failure: {
                /** @default I am sorry, something is not working on our side. */
                say: string;
                /**
                 * @description What follows the sentence. A second failure in a row always ends the call
                 * @default continue
                 * @enum {string}
                 */
                afterwards: "continue" | "end";
            };
            /** @description When the call is taken up again because the server that held it had died */
            resumption: {
                /**
                 * @description Said instead of the greeting; then what the caller said last is answered, or it is their turn
                 * @default Sorry, I lost you for a moment.
                 */
                say: string;
            };
            /** @description When the caller is handed over */
            transfer: {
                /**
                 * @description Said when the caller could not be handed over and no language model can find words for it
                 * @default I am sorry, I could not connect you.
                 */
                failed: string;
            };
            /** @description How words are said: for voices that read figures and abbreviations badly, and for names */
            speaking: {
                /**
                 * @description Written form to spoken form, whole words, also several; case does not count
                 * @default {}
                 */
                pronunciations: {
                    [key: string]: string;
                };
                /**
                 * @description `auto`: what the voice is known not to read well is written out; `off`: the text goes to the voice as it is
                 * @default auto
                 * @enum {string}
                 */
                normalise: "auto" | "on" | "off";
            };
            /** @description What a language model makes of the transcript when the call has ended. Nothing of it is on by default */
            afterCall: {
                /**
                 * @description Two or three sentences, in the language of the assistant
                 * @default false
                 */
                summary: boolean;
                /** @description What is to be found out, as a JSON Schema of an object */
                extract?: {
                    [key: string]: unknown;
                };
                /**
                 * @description When the call was a success, in words; the answer is yes, no or unknown
                 * @default
                 */
                success: string;
                /**
                 * @description After this the call is told of without
                 * @default 30000
                 */
                timeoutMs: number;
            };
            /** @description Off by default, and costs nothing when off */
            recording: {
                /** @default false */
                enabled: boolean;
            };
            id: string;
            /** @description The one that is live, or that was asked for; they count saves, from 1 */
            version: number;
            /** @description ISO 8601, UTC */
            createdAt: string;
            /** @description ISO 8601, UTC */
            updatedAt: string;
            phoneDeployment: components["schemas"]["PhoneDeployment"];
        };
        AssistantVersion: {
            version: number;
            name: string;
            /** @description ISO 8601, UTC */
            savedAt: string;
            /** @description Calls from now on are held with it */
            live: boolean;
        };
        Outbound: {
            /** @description ISO 8601, UTC */
            notBefore: string;
            /** @description Times it was dialled so far */
            attempt: number;
            attemptsMax: number;
            /** @description Of the last attempt; null: none yet */
            mode: ("dialplan" | "stasis") | null;
            /** @description Of the last attempt; null: none yet */
            credentialId: string | null;
        };
        CallOverridesShown: {
            /** @description What it had otherwise than its assistant */
            fields: string[];
            /** @description The instructions are not shown */
            values: {
                /** @description Instead of the one of the assistant and of its phone deployment */
                greeting?: string;
                language?: string;
                /** @description Before `args` and `metadata` */
                variables?: {
                    [key: string]: string;
                };
                tts?: {
                    voice?: string;
                    speed?: number;
                };
                llm?: {
                    model?: string;
                    temperature?: number;
                };
                limits?: {
                    callMs?: number;
                };
                /** @description A call may be left unrecorded */
                recording?: {
                    /** @constant */
                    enabled: false;
                };
            };
        };
        /** @description What a language model made of the call when it had ended; a part that was not wanted is null */
        CallAnalysis: {
            /** @enum {string} */
            state: "pending" | "done" | "failed";
            summary: string | null;
            /** @description By the schema of the assistant */
            extraction: {
                [key: string]: unknown;
            } | null;
            success: {
                /** @enum {string} */
                outcome: "yes" | "no" | "unknown";
                reason: string;
            } | null;
            /** @description The code of why there is none */
            error: string | null;
        };
        Call: {
            id: string;
            assistantId: string;
            /** @description The version it began with and keeps; null: of before there were any */
            assistantVersion: number | null;
            contextId: string;
            /** @enum {string} */
            direction: "inbound" | "outbound";
            /** @enum {string} */
            state: "queued" | "dialing" | "ringing" | "answered" | "registered" | "connected" | "completed" | "failed" | "no_answer" | "busy" | "rejected" | "cancelled" | "expired";
            from: string;
            to: string | null;
            channelId: string | null;
            metadata: {
                [key: string]: string;
            };
            /** @description Values for what the assistant says, of the request that placed it */
            args: {
                [key: string]: string;
            };
            /** @description null: nothing */
            overrides: components["schemas"]["CallOverridesShown"] | null;
            /** @description null: the call came in */
            outbound: components["schemas"]["Outbound"] | null;
            transport: ("audiosocket" | "websocket" | "browser") | null;
            format: string | null;
            /** @description ISO 8601, UTC */
            createdAt: string;
            connectedAt: string | null;
            endedAt: string | null;
            disconnectedBy: ("user" | "assistant" | "system") | null;
            /** @description A stable word: why it ended */
            reason: string | null;
            /** @description What the dialplan does after the media */
            directive: string | null;
            hasRecording: boolean;
            /** @description Times it was taken up again after the server that held it had died */
            resumes: number;
            /** @description Who holds it, or held it last */
            nodeId: string;
            /** @description null: none was wanted, or there was nothing to analyse */
            analysis: components["schemas"]["CallAnalysis"] | null;
        };
        CallEvent: {
            seq: number;
            type: string;
            /** @description ISO 8601, UTC */
            at: string;
            data: {
                [key: string]: unknown;
            };
        };
        TranscriptTurn: {
            /** @enum {string} */
            role: "user" | "assistant";
            /** @description What was heard */
            text: string;
            /** @description From the moment media connected */
            startMs: number;
            endMs: number;
            interrupted: boolean;
            /** @description Of an assistant that was interrupted: what it was about to say, as far as it was known */
            unheard?: string;
            /** @description ms */
            metrics: {
                [key: string]: number;
            };
        };
        CallMetric: {
            name: string;
            value: unknown;
        };
        Credential: {
            id: string;
            name: string;
            /** @enum {string} */
            provider: "asterisk" | "openai-compatible" | "openai" | "deepgram" | "assemblyai" | "elevenlabs" | "cartesia" | "anthropic" | "google" | "mistral" | "groq" | "google-cloud" | "azure-speech" | "azure-openai" | "bedrock" | "http";
            /** @description Names of the fields of the value that are set */
            fields: string[];
            callsPerSecond: number;
            /** @description ISO 8601, UTC */
            createdAt: string;
            /** @description ISO 8601, UTC */
            updatedAt: string;
            lastUsedAt: string | null;
        };
        CredentialCheck: {
            ok: boolean;
            code: ("invalid_request" | "body_too_large" | "not_found" | "assistant_id_malformed" | "caller_missing" | "key_missing" | "key_invalid" | "key_scope" | "session_missing" | "session_over" | "csrf_refused" | "password_wrong" | "password_unset" | "password_unfit" | "setup_token_invalid" | "too_many_sign_ins" | "assistant_not_found" | "assistant_invalid" | "assistant_name_taken" | "call_not_found" | "call_ended" | "resume_limit" | "call_not_live" | "node_gone" | "recording_not_found" | "key_not_found" | "credential_not_found" | "credential_invalid" | "credential_name_taken" | "credential_in_use" | "credential_unreadable" | "webhook_not_found" | "webhook_target_refused" | "webhook_limit" | "delivery_not_found" | "event_type_missing" | "deployment_invalid" | "deployment_incomplete" | "number_missing" | "number_invalid" | "caller_id_invalid" | "assistant_version_not_found" | "bulk_invalid" | "idempotency_conflict" | "too_many_streams" | "queue_full" | "number_rejected" | "trunk_unknown" | "ari_unauthorized" | "ari_unreachable" | "ari_failed" | "no_media" | "deployment_disabled" | "transfer_not_allowed" | "at_capacity" | "draining" | "context_malformed" | "context_unknown" | "context_used" | "context_expired" | "context_mismatch" | "media_start_missing" | "media_format_unknown" | "bad_handshake" | "answer_timeout" | "stopping" | "too_many_connections" | "setting_invalid" | "port_in_use" | "provider_unconfigured" | "provider_auth" | "provider_rejected" | "provider_rate_limited" | "provider_unavailable" | "provider_timeout" | "provider_protocol" | "tool_unknown" | "tool_refused" | "tool_failed" | "tool_timeout" | "analysis_malformed" | "analysis_overloaded" | "analysis_abandoned" | "phrase_unknown_word" | "store_failed" | "internal") | null;
            /** @description For people: what answered, or what to change */
            message: string;
        };
        ProviderHealth: {
            ok: boolean;
            code: ("invalid_request" | "body_too_large" | "not_found" | "assistant_id_malformed" | "caller_missing" | "key_missing" | "key_invalid" | "key_scope" | "session_missing" | "session_over" | "csrf_refused" | "password_wrong" | "password_unset" | "password_unfit" | "setup_token_invalid" | "too_many_sign_ins" | "assistant_not_found" | "assistant_invalid" | "assistant_name_taken" | "call_not_found" | "call_ended" | "resume_limit" | "call_not_live" | "node_gone" | "recording_not_found" | "key_not_found" | "credential_not_found" | "credential_invalid" | "credential_name_taken" | "credential_in_use" | "credential_unreadable" | "webhook_not_found" | "webhook_target_refused" | "webhook_limit" | "delivery_not_found" | "event_type_missing" | "deployment_invalid" | "deployment_incomplete" | "number_missing" | "number_invalid" | "caller_id_invalid" | "assistant_version_not_found" | "bulk_invalid" | "idempotency_conflict" | "too_many_streams" | "queue_full" | "number_rejected" | "trunk_unknown" | "ari_unauthorized" | "ari_unreachable" | "ari_failed" | "no_media" | "deployment_disabled" | "transfer_not_allowed" | "at_capacity" | "draining" | "context_malformed" | "context_unknown" | "context_used" | "context_expired" | "context_mismatch" | "media_start_missing" | "media_format_unknown" | "bad_handshake" | "answer_timeout" | "stopping" | "too_many_connections" | "setting_invalid" | "port_in_use" | "provider_unconfigured" | "provider_auth" | "provider_rejected" | "provider_rate_limited" | "provider_unavailable" | "provider_timeout" | "provider_protocol" | "tool_unknown" | "tool_refused" | "tool_failed" | "tool_timeout" | "analysis_malformed" | "analysis_overloaded" | "analysis_abandoned" | "phrase_unknown_word" | "store_failed" | "internal") | null;
            /** @description For people: what answered, or what to change */
            message: string;
            /** @enum {string} */
            provider: "asterisk" | "openai-compatible" | "openai" | "deepgram" | "assemblyai" | "elevenlabs" | "cartesia" | "anthropic" | "google" | "mistral" | "groq" | "google-cloud" | "azure-speech" | "azure-openai" | "bedrock" | "http";
            /** @description null: the server's own key */
            credentialId: string | null;
            name: string | null;
            /** @description ISO 8601, UTC */
            checkedAt: string;
        };
        Reencryption: {
            /** @description Sealed with the first key just now */
            reencrypted: number;
            /** @description Were so already */
            current: number;
            /** @description Sealed with a key that VAULT__KEY does not hold */
            unreadable: number;
        };
        CredentialUse: {
            assistantId: string;
            name: string;
        };
        CredentialForm: {
            /** @description JSON Schema of `value` */
            schema: {
                [key: string]: unknown;
            };
            /** @description The field that nobody may see */
            secret: string;
        };
        Dialplan: {
            files: {
                name: string;
                text: string;
            }[];
            /** @description What this release cannot do, and what is left for its owner */
            notes: string[];
            /** @description Stands in the files where an API key with the scope `inbound` belongs */
            keyPlaceholder: string;
        };
        Node: {
            /** @description `NODE__ID`, or made by the first start; `single` where there is only one */
            id: string;
            host: string;
            version: string;
            /**
             * @description `draining`: takes no new calls; `lost`: says nothing any more, and its calls are being closed
             * @enum {string}
             */
            state: "up" | "draining" | "lost";
            /** @description With media there */
            calls: number;
            /** @description Delay of its event loop, 99th percentile over the last seconds */
            loopDelayMs: number;
            /** @description Frames of sound it sent more than 20 ms after they were due, since it started */
            lateFrames: number;
            /** @description ISO 8601, UTC */
            startedAt: string;
            /** @description When it last said so */
            seenAt: string;
        };
        Percentiles: {
            p50: number;
            p95: number;
            turns: number;
        };
        Figures: {
            calls: number;
            /** @description How many calls are in which state */
            outcomes: {
                [key: string]: number;
            };
            /** @description What follows is about so many of them, the newest of each bucket */
            detailed: number;
            /** @description null: no turn was measured */
            responseMs: {
                p50: number;
                p95: number;
                turns: number;
                parts: {
                    [key: string]: components["schemas"]["Percentiles"];
                };
            } | null;
            interruptions: number;
            providerErrors: number;
        };
        Overview: {
            /** @description ISO 8601, UTC */
            since: string;
            /** @description ISO 8601, UTC */
            until: string;
            /** @enum {string} */
            bucket: "hour" | "day";
            buckets: {
                calls: number;
                /** @description How many calls are in which state */
                outcomes: {
                    [key: string]: number;
                };
                /** @description What follows is about so many of them, the newest of each bucket */
                detailed: number;
                /** @description null: no turn was measured */
                responseMs: {
                    p50: number;
                    p95: number;
                    turns: number;
                    parts: {
                        [key: string]: components["schemas"]["Percentiles"];
                    };
                } | null;
                interruptions: number;
                providerErrors: number;
                /** @description ISO 8601, UTC */
                at: string;
            }[];
            totals: components["schemas"]["Figures"];
            providers: {
                provider: string;
                kind: string;
                errors: number;
            }[];
            now: {
                /** @description That have sound, at all nodes */
                calls: number;
                /** @description 0: none */
                limit: number;
                nodes: number;
            };
        };
        Session: {
            /**
             * @description What it was opened with
             * @enum {string}
             */
            kind: "key" | "password";
            /** @description The key's name, or `admin` */
            name: string;
            /** @description null: opened with the password */
            keyId: string | null;
            projectId: string;
            scopes: ("inbound" | "calls" | "admin")[];
            /** @description ISO 8601, UTC */
            createdAt: string;
            /** @description It ends then at the latest; sooner where it is not used */
            expiresAt: string;
        };
        SignInState: {
            /** @enum {string} */
            password: "set" | "unset";
            /**
             * @description Whether a set-up link waits to be used
             * @enum {string}
             */
            setup: "open" | "closed";
            /** @description Of the cookie; null: nobody is signed in */
            session: components["schemas"]["Session"] | null;
        };
        SetUpToken: {
            token: string;
            /** @description ISO 8601, UTC */
            expiresAt: string;
        };
        PlacedCall: {
            id: string;
            contextId: string;
            /**
             * @description The state of the call
             * @enum {string}
             */
            status: "queued" | "dialing" | "ringing" | "answered" | "registered" | "connected" | "completed" | "failed" | "no_answer" | "busy" | "rejected" | "cancelled" | "expired";
        };
        CallPlaced: {
            /** @constant */
            code: 200;
            /** @constant */
            success: true;
            data: components["schemas"]["PlacedCall"];
        };
        CallsPlaced: {
            /** @constant */
            code: 200;
            /** @constant */
            success: true;
            /** @description One per call, in order */
            data: components["schemas"]["PlacedCall"][];
        };
        Waveform: {
            durationMs: number;
            /** @description The peak of each stretch of the same length, 0 to 100 */
            caller: number[];
            assistant: number[];
        };
        TestCall: {
            callId: string;
            contextId: string;
            /** @description Of the WebSocket to open within a minute, below the address of this server */
            path: string;
        };
        Webhook: {
            id: string;
            /** @description null: of all assistants */
            assistantId: string | null;
            url: string;
            /** @description Empty: all */
            events: string[];
            enabled: boolean;
            /** @description ISO 8601, UTC */
            createdAt: string;
            /** @description ISO 8601, UTC */
            updatedAt: string;
        };
        CreatedWebhook: {
            id: string;
            /** @description null: of all assistants */
            assistantId: string | null;
            url: string;
            /** @description Empty: all */
            events: string[];
            enabled: boolean;
            /** @description ISO 8601, UTC */
            createdAt: string;
            /** @description ISO 8601, UTC */
            updatedAt: string;
            /** @description `whsec_` and base64: what deliveries are signed with; shown this one time only */
            secret: string;
        };
        WebhookSecret: {
            /** @description `whsec_` and base64: what deliveries are signed with; shown this one time only */
            secret: string;
        };
        TestDelivery: {
            deliveryId: string;
        };
        Delivery: {
            /** @description The header `webhook-id`, the same in every attempt */
            id: string;
            webhookId: string;
            /** @description null: a test */
            callId: string | null;
            /** @description Of the event in its call; null: a test */
            seq: number | null;
            type: string;
            /** @enum {string} */
            state: "pending" | "delivered" | "dead";
            attempts: number;
            /** @description null: there will be no other attempt */
            nextAt: string | null;
            /** @description HTTP status of the last attempt; null: it had none */
            lastStatus: number | null;
            lastError: string | null;
            /** @description ISO 8601, UTC */
            createdAt: string;
            deliveredAt: string | null;
            /** @description What is sent */
            payload: {
                [key: string]: unknown;
            };
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    registerCall: {
        parameters: {
            query?: {
                /** @description The caller; or `caller`, or `callerid` */
                from?: string | string[];
                caller?: string | string[];
                callerid?: string | string[];
                /** @description The number called; or `extension`, or `dnid` */
                to?: string | string[];
                extension?: string | string[];
                dnid?: string | string[];
                channel_id?: string | string[];
                /** @description The context id of a call whose media was lost: no other is registered, that one is taken up again */
                resume?: string | string[];
            };
            header?: never;
            path: {
                /** @description Unsigned 64-bit number in decimal */
                assistantId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The context id: a lower-case UUID, no newline */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
            /** @description assistant_id_malformed, caller_missing, invalid_request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description key_missing, key_invalid, session_over */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description key_scope, csrf_refused */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description assistant_not_found, context_unknown */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description deployment_disabled, call_ended, resume_limit */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description body_too_large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description internal */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description at_capacity, draining, store_failed */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    registerCallByPost: {
        parameters: {
            query?: {
                /** @description The caller; or `caller`, or `callerid` */
                from?: string | string[];
                caller?: string | string[];
                callerid?: string | string[];
                /** @description The number called; or `extension`, or `dnid` */
                to?: string | string[];
                extension?: string | string[];
                dnid?: string | string[];
                channel_id?: string | string[];
                /** @description The context id of a call whose media was lost: no other is registered, that one is taken up again */
                resume?: string | string[];
            };
            header?: never;
            path: {
                /** @description Unsigned 64-bit number in decimal */
                assistantId: string;
            };
            cookie?: never;
        };
        /** @description The same parameters, JSON or a form; the query wins */
        requestBody: {
            content: {
                "application/json": {
                    [key: string]: unknown;
                } | null;
                "application/x-www-form-urlencoded": {
                    [key: string]: unknown;
                } | null;
            };
        };
        responses: {
            /** @description The context id: a lower-case UUID, no newline */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
            /** @description assistant_id_malformed, caller_missing, invalid_request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description key_missing, key_invalid, session_over */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description key_scope, csrf_refused */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description assistant_not_found, context_unknown */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description deployment_disabled, call_ended, resume_limit */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description body_too_large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description internal */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description at_capacity, draining, store_failed */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    reportEvent: {
        parameters: {
            query?: {
                /** @description Name of the event, up to 100 characters; or `event` */
                type?: string | string[];
                event?: string | string[];
            };
            header?: never;
            path: {
                contextId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description event_type_missing, invalid_request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description context_unknown */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description body_too_large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description internal */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description store_failed */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    reportEventByPost: {
        parameters: {
            query?: {
                /** @description Name of the event, up to 100 characters; or `event` */
                type?: string | string[];
                event?: string | string[];
            };
            header?: never;
            path: {
                contextId: string;
            };
            cookie?: never;
        };
        /** @description The same, JSON or a form; the query wins */
        requestBody: {
            content: {
                "application/json": {
                    [key: string]: unknown;
                } | null;
                "application/x-www-form-urlencoded": {
                    [key: string]: unknown;
                } | null;
            };
        };
        responses: {
            /** @description Done */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description event_type_missing, invalid_request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description context_unknown */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description body_too_large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description internal */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description store_failed */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    createPhoneCall: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 200 printable ASCII characters: a repeat with the same key gets the first answer and places nothing */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PhoneCallInput"];
            };
        };
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CallPlaced"];
                };
            };
            /** @description assistant_id_malformed, number_missing, number_invalid, caller_id_invalid, invalid_request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TalkError"];
                };
            };
            /** @description key_missing, key_invalid, session_over */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TalkError"];
                };
            };
            /** @description key_scope, csrf_refused */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TalkError"];
                };
            };
            /** @description assistant_not_found, assistant_version_not_found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TalkError"];
                };
            };
            /** @description deployment_disabled, deployment_incomplete, credential_unreadable, idempotency_conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TalkError"];
                };
            };
            /** @description body_too_large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TalkError"];
                };
            };
            /** @description internal */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TalkError"];
                };
            };
            /** @description queue_full, draining, store_failed */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TalkError"];
                };
            };
        };
    };
    createBulkPhoneCall: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 200 printable ASCII characters: a repeat with the same key gets the first answer and places nothing */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    phoneCalls: components["schemas"]["PhoneCallInput"][];
                };
            };
        };
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CallsPlaced"];
                };
            };
            /** @description bulk_invalid, assistant_id_malformed, number_missing, number_invalid, caller_id_invalid, invalid_request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TalkError"];
                };
            };
            /** @description key_missing, key_invalid, session_over */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TalkError"];
                };
            };
            /** @description key_scope, csrf_refused */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TalkError"];
                };
            };
            /** @description assistant_not_found, assistant_version_not_found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TalkError"];
                };
            };
            /** @description deployment_disabled, deployment_incomplete, credential_unreadable, idempotency_conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TalkError"];
                };
            };
            /** @description body_too_large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TalkError"];
                };
            };
            /** @description internal */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TalkError"];
                };
            };
            /** @description queue_full, draining, store_failed */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TalkError"];
                };
            };
        };
    };
    nextDirective: {
        parameters: {
            query?: {
                /** @description `resume`, of a dialplan that can take a call up again: it may be told `resume` or `begin` as well */
                can?: string;
            };
            header?: never;
            path: {
                contextId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description `hangup`, `continue` or `goto:<context>,<exten>,<priority>`; `resume`: nobody has ended the call; `begin`: there is no call of this id to go on with */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
            /** @description invalid_request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description context_unknown */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description internal */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description store_failed */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    resumeCall: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                contextId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The context id, which can be used once more */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
            /** @description invalid_request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description context_unknown */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description call_ended, resume_limit */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description internal */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description at_capacity, draining, store_failed */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    listCalls: {
        parameters: {
            query?: {
                limit?: number;
                /** @description `nextCursor` of the page before */
                cursor?: string;
                state?: "queued" | "dialing" | "ringing" | "answered" | "registered" | "connected" | "completed" | "failed" | "no_answer" | "busy" | "rejected" | "cancelled" | "expired";
                assistantId?: string;
                direction?: "inbound" | "outbound";
                /** @description Exactly this caller */
                from?: string;
                /** @description Exactly this number was called */
                to?: string;
                /** @description Created at this moment or later */
                since?: string;
                /** @description Created before this moment */
                until?: string;
                /** @description Those that have not ended */
                live?: "true";
                /** @description Somebody said this, in one turn; small and capital letters are the same. With this and the following, 500 calls are looked into for a page, which may have fewer than `limit`, or none: go on with its cursor */
                text?: string;
                /** @description Somebody was interrupted */
                interrupted?: "true";
                /** @description With an event of this type */
                event?: string;
                /** @description With an answer that took at least so long */
                slowerThanMs?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Call"][];
                        /** @description null: this was the last page */
                        nextCursor: string | null;
                    };
                };
            };
            /** @description invalid_request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description key_missing, key_invalid, session_over */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description key_scope, csrf_refused */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description internal */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description store_failed */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getCall: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Call"];
                };
            };
            /** @description invalid_request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description key_missing, key_invalid, session_over */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description key_scope, csrf_refused */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description call_not_found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description internal */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description store_failed */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    listCallEvents: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["CallEvent"][];
                        /** @description null: this was the last page */
                        nextCursor: string | null;
                    };
                };
            };
            /** @description invalid_request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description key_missing, key_invalid, session_over */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description key_scope, csrf_refused */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description call_not_found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description internal */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description store_failed */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getTranscript: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["TranscriptTurn"][];
                        /** @description null: this was the last page */
                        nextCursor: string | null;
                    };
                };
            };
            /** @description invalid_request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description key_missing, key_invalid, session_over */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description key_scope, csrf_refused */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description call_not_found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description internal */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description store_failed */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    listCallMetrics: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["CallMetric"][];
                        /** @description null: this was the last page */
                        nextCursor: string | null;
                    };
                };
            };
            /** @description invalid_request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description key_missing, key_invalid, session_over */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description key_scope, csrf_refused */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description call_not_found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description internal */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description store_failed */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    hangupCall: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description invalid_request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description key_missing, key_invalid, session_over */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description key_scope, csrf_refused */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description call_not_found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description call_ended, call_not_live */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description body_too_large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description internal */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description node_gone, store_failed */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    sayIntoCall: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    text: string;
                };
            };
        };
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description invalid_request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description key_missing, key_invalid, session_over */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description key_scope, csrf_refused */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description call_not_found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description call_ended, call_not_live */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description body_too_large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description internal */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description node_gone, store_failed */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    transferCall: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description `context,exten,priority`, on the list of the deployment */
                    target: string;
                };
            };
        };
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description invalid_request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description key_missing, key_invalid, session_over */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description key_scope, csrf_refused */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description call_not_found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description transfer_not_allowed, call_ended, call_not_live */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description body_too_large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description internal */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description node_gone, store_failed */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    streamCalls: {
        parameters: {
            query?: {
                /** @description Begins with the stored events of this call, and ends with its last event. Without it: all calls */
                callId?: string;
                /** @description Only calls of this assistant */
                assistantId?: string;
                /** @description `id` of the last message that was read; the header `Last-Event-ID` wins. Of a call, the events after it */
                lastEventId?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The stream */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            /** @description The call has ended, and nothing came after the last event that was read */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description invalid_request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description key_missing, key_invalid, session_over */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description key_scope, csrf_refused */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description call_not_found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description too_many_streams */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description internal */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description store_failed */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getRecording: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description WAV */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "audio/wav": string;
                };
            };
            /** @description The range of it that was asked for */
            206: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "audio/wav": string;
                };
            };
            /** @description invalid_request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description key_missing, key_invalid, session_over */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description key_scope, csrf_refused */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description call_not_found, recording_not_found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The range lies outside of it */
            416: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description internal */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description store_failed */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getWaveform: {
        parameters: {
            query?: {
                points?: number;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Waveform"];
                };
            };
            /** @description invalid_request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description key_missing, key_invalid, session_over */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description key_scope, csrf_refused */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description call_not_found, recording_not_found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description internal */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description store_failed */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    listAssistants: {
        parameters: {
            query?: {
                limit?: number;
                /** @description `nextCursor` of the page before */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Assistant"][];
                        /** @description null: this was the last page */
                        nextCursor: string | null;
                    };
                };
            };
            /** @description invalid_request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description key_missing, key_invalid, session_over */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description key_scope, csrf_refused */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description internal */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description store_failed */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    createAssistant: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AssistantConfigInput"];
            };
        };
        responses: {
            /** @description Default Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Assistant"];
                };
            };
            /** @description assistant_invalid, phrase_unknown_word, invalid_request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description key_missing, key_invalid, session_over */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description key_scope, csrf_refused */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description assistant_name_taken */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description body_too_large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description internal */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description store_failed */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getAssistant: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Assistant"];
                };
            };
            /** @description invalid_request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description key_missing, key_invalid, session_over */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description key_scope, csrf_refused */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description assistant_not_found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description internal */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description store_failed */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    saveAssistant: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AssistantConfigInput"];
            };
        };
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Assistant"];
                };
            };
            /** @description assistant_invalid, phrase_unknown_word, invalid_request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description key_missing, key_invalid, session_over */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description key_scope, csrf_refused */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description assistant_not_found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description assistant_name_taken */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description body_too_large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description internal */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description store_failed */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    removeAssistant: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description invalid_request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description key_missing, key_invalid, session_over */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description key_scope, csrf_refused */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description assistant_not_found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description internal */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description store_failed */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    listAssistantVersions: {
        parameters: {
            query?: {
                limit?: number;
                /** @description `nextCursor` of the page before */
                cursor?: string;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["AssistantVersion"][];
                        /** @description null: this was the last page */
                        nextCursor: string | null;
                    };
                };
            };
            /** @description invalid_request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description key_missing, key_invalid, session_over */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description key_scope, csrf_refused */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description assistant_not_found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description internal */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description store_failed */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    addAssistantVersion: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AssistantConfigInput"];
            };
        };
        responses: {
            /** @description Default Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AssistantVersion"];
                };
            };
            /** @description assistant_invalid, phrase_unknown_word, invalid_request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description key_missing, key_invalid, session_over */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description key_scope, csrf_refused */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description assistant_not_found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description assistant_name_taken */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description body_too_large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description internal */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description store_failed */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getAssistantVersion: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
                version: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Assistant"];
                };
            };
            /** @description invalid_request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description key_missing, key_invalid, session_over */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description key_scope, csrf_refused */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description assistant_not_found, assistant_version_not_found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description internal */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description store_failed */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    publishAssistantVersion: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
                version: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Assistant"];
                };
            };
            /** @description assistant_invalid, phrase_unknown_word, invalid_request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description key_missing, key_invalid, session_over */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description key_scope, csrf_refused */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description assistant_not_found, assistant_version_not_found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description assistant_name_taken */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description body_too_large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description internal */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description store_failed */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getPhoneDeployment: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PhoneDeployment"];
                };
            };
            /** @description invalid_request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description key_missing, key_invalid, session_over */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description key_scope, csrf_refused */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description assistant_not_found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description internal */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description store_failed */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    savePhoneDeployment: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PhoneDeploymentInput"];
            };
        };
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PhoneDeployment"];
                };
            };
            /** @description deployment_invalid, invalid_request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description key_missing, key_invalid, session_over */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description key_scope, csrf_refused */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description assistant_not_found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description body_too_large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description internal */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description store_failed */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    assistantSchema: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
            /** @description invalid_request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description internal */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description store_failed */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    createTestCall: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewTestCallInput"];
            };
        };
        responses: {
            /** @description Default Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TestCall"];
                };
            };
            /** @description invalid_request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description key_missing, key_invalid, session_over */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description key_scope, csrf_refused */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description assistant_not_found, assistant_version_not_found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description internal */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description at_capacity, draining, store_failed */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    credentialSchemas: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: components["schemas"]["CredentialForm"];
                    };
                };
            };
            /** @description invalid_request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description internal */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description store_failed */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    listCredentialUses: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["CredentialUse"][];
                        /** @description null: this was the last page */
                        nextCursor: string | null;
                    };
                };
            };
            /** @description invalid_request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description key_missing, key_invalid, session_over */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description key_scope, csrf_refused */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description credential_not_found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description internal */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description store_failed */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    listCredentials: {
        parameters: {
            query?: {
                limit?: number;
                /** @description `nextCursor` of the page before */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Credential"][];
                        /** @description null: this was the last page */
                        nextCursor: string | null;
                    };
                };
            };
            /** @description invalid_request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description key_missing, key_invalid, session_over */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description key_scope, csrf_refused */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description internal */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description store_failed */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    createCredential: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    name: string;
                    /** @enum {string} */
                    provider: "asterisk" | "openai-compatible" | "openai" | "deepgram" | "assemblyai" | "elevenlabs" | "cartesia" | "anthropic" | "google" | "mistral" | "groq" | "google-cloud" | "azure-speech" | "azure-openai" | "bedrock" | "http";
                    /** @description By provider; it never comes back */
                    value: {
                        [key: string]: unknown;
                    };
                    /** @description Calls that are begun with it in a second */
                    callsPerSecond?: number;
                    /** @description Ignored: what was read may be put back as it is */
                    id?: unknown;
                    /** @description Ignored: what was read may be put back as it is */
                    fields?: unknown;
                    /** @description Ignored: what was read may be put back as it is */
                    createdAt?: unknown;
                    /** @description Ignored: what was read may be put back as it is */
                    updatedAt?: unknown;
                    /** @description Ignored: what was read may be put back as it is */
                    lastUsedAt?: unknown;
                };
            };
        };
        responses: {
            /** @description Default Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Credential"];
                };
            };
            /** @description credential_invalid, invalid_request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description key_missing, key_invalid, session_over */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description key_scope, csrf_refused */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description credential_name_taken */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description body_too_large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description internal */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description store_failed */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getCredential: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Credential"];
                };
            };
            /** @description invalid_request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description key_missing, key_invalid, session_over */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description key_scope, csrf_refused */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description credential_not_found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description internal */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description store_failed */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    saveCredential: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    name: string;
                    /** @enum {string} */
                    provider: "asterisk" | "openai-compatible" | "openai" | "deepgram" | "assemblyai" | "elevenlabs" | "cartesia" | "anthropic" | "google" | "mistral" | "groq" | "google-cloud" | "azure-speech" | "azure-openai" | "bedrock" | "http";
                    /** @description Left out, the old one stays */
                    value?: {
                        [key: string]: unknown;
                    };
                    /** @description Calls that are begun with it in a second */
                    callsPerSecond?: number;
                    /** @description Ignored: what was read may be put back as it is */
                    id?: unknown;
                    /** @description Ignored: what was read may be put back as it is */
                    fields?: unknown;
                    /** @description Ignored: what was read may be put back as it is */
                    createdAt?: unknown;
                    /** @description Ignored: what was read may be put back as it is */
                    updatedAt?: unknown;
                    /** @description Ignored: what was read may be put back as it is */
                    lastUsedAt?: unknown;
                };
            };
        };
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Credential"];
                };
            };
            /** @description credential_invalid, invalid_request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description key_missing, key_invalid, session_over */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description key_scope, csrf_refused */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description credential_not_found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description credential_unreadable, credential_name_taken */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description body_too_large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description internal */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description store_failed */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    removeCredential: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description invalid_request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description key_missing, key_invalid, session_over */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description key_scope, csrf_refused */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description credential_not_found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description credential_in_use */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description internal */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description store_failed */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    providersHealth: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["ProviderHealth"][];
                        /** @description null: this was the last page */
                        nextCursor: string | null;
                    };
                };
            };
            /** @description invalid_request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description key_missing, key_invalid, session_over */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description key_scope, csrf_refused */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description internal */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description store_failed */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    testCredential: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CredentialCheck"];
                };
            };
            /** @description invalid_request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description key_missing, key_invalid, session_over */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description key_scope, csrf_refused */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description credential_not_found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description credential_unreadable */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description internal */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description store_failed */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    reencryptCredentials: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Reencryption"];
                };
            };
            /** @description invalid_request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description key_missing, key_invalid, session_over */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description key_scope, csrf_refused */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description internal */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description store_failed */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    listWebhooks: {
        parameters: {
            query?: {
                limit?: number;
                /** @description `nextCursor` of the page before */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Webhook"][];
                        /** @description null: this was the last page */
                        nextCursor: string | null;
                    };
                };
            };
            /** @description invalid_request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description key_missing, key_invalid, session_over */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description key_scope, csrf_refused */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description internal */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description store_failed */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    createWebhook: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description http(s), of the public internet */
                    url: string;
                    /**
                     * @description null: of all assistants
                     * @default null
                     */
                    assistantId?: string | null;
                    /**
                     * @description Empty: all
                     * @default []
                     */
                    events?: ("webhook" | "channel_created" | "call.ringing" | "call.answered" | "call.retrying" | "call.connected" | "call.resumed" | "call.transferred" | "call.transfer_answered" | "call.transfer_failed" | "provider.failed" | "tool.called" | "call.ended" | "call.failed" | "call.analysed")[];
                    /** @default true */
                    enabled?: boolean;
                    /** @description Ignored: what was read may be put back as it is */
                    id?: unknown;
                    /** @description Ignored: what was read may be put back as it is */
                    createdAt?: unknown;
                    /** @description Ignored: what was read may be put back as it is */
                    updatedAt?: unknown;
                };
            };
        };
        responses: {
            /** @description Default Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CreatedWebhook"];
                };
            };
            /** @description webhook_target_refused, invalid_request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description key_missing, key_invalid, session_over */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description key_scope, csrf_refused */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description assistant_not_found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description webhook_limit */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description body_too_large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description internal */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description store_failed */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getWebhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Webhook"];
                };
            };
            /** @description invalid_request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description key_missing, key_invalid, session_over */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description key_scope, csrf_refused */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description webhook_not_found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description internal */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description store_failed */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    saveWebhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description http(s), of the public internet */
                    url: string;
                    /**
                     * @description null: of all assistants
                     * @default null
                     */
                    assistantId?: string | null;
                    /**
                     * @description Empty: all
                     * @default []
                     */
                    events?: ("webhook" | "channel_created" | "call.ringing" | "call.answered" | "call.retrying" | "call.connected" | "call.resumed" | "call.transferred" | "call.transfer_answered" | "call.transfer_failed" | "provider.failed" | "tool.called" | "call.ended" | "call.failed" | "call.analysed")[];
                    /** @default true */
                    enabled?: boolean;
                    /** @description Ignored: what was read may be put back as it is */
                    id?: unknown;
                    /** @description Ignored: what was read may be put back as it is */
                    createdAt?: unknown;
                    /** @description Ignored: what was read may be put back as it is */
                    updatedAt?: unknown;
                };
            };
        };
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Webhook"];
                };
            };
            /** @description webhook_target_refused, invalid_request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description key_missing, key_invalid, session_over */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description key_scope, csrf_refused */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description webhook_not_found, assistant_not_found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description body_too_large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description internal */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description store_failed */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    removeWebhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description invalid_request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description key_missing, key_invalid, session_over */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description key_scope, csrf_refused */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description webhook_not_found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description internal */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description store_failed */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    rotateWebhookSecret: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookSecret"];
                };
            };
            /** @description invalid_request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description key_missing, key_invalid, session_over */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description key_scope, csrf_refused */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description webhook_not_found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description internal */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description store_failed */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    listDeliveries: {
        parameters: {
            query?: {
                limit?: number;
                /** @description `nextCursor` of the page before */
                cursor?: string;
                webhookId?: string;
                callId?: string;
                state?: "pending" | "delivered" | "dead";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Delivery"][];
                        /** @description null: this was the last page */
                        nextCursor: string | null;
                    };
                };
            };
            /** @description invalid_request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description key_missing, key_invalid, session_over */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description key_scope, csrf_refused */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description internal */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description store_failed */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    resendDelivery: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Queued */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description invalid_request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description key_missing, key_invalid, session_over */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description key_scope, csrf_refused */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description delivery_not_found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description internal */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description store_failed */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    testWebhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TestDelivery"];
                };
            };
            /** @description invalid_request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description key_missing, key_invalid, session_over */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description key_scope, csrf_refused */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description webhook_not_found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description internal */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description store_failed */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    listApiKeys: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["ApiKey"][];
                        /** @description null: this was the last page */
                        nextCursor: string | null;
                    };
                };
            };
            /** @description invalid_request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description key_missing, key_invalid, session_over */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description key_scope, csrf_refused */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description internal */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description store_failed */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    createApiKey: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    name: string;
                    scopes: ("inbound" | "calls" | "admin")[];
                };
            };
        };
        responses: {
            /** @description Default Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CreatedApiKey"];
                };
            };
            /** @description invalid_request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description key_missing, key_invalid, session_over */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description key_scope, csrf_refused */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description body_too_large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description internal */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description store_failed */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    revokeApiKey: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description invalid_request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description key_missing, key_invalid, session_over */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description key_scope, csrf_refused */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description key_not_found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description internal */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description store_failed */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getSignIn: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SignInState"];
                };
            };
            /** @description invalid_request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description internal */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description store_failed */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getSession: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            /** @description invalid_request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description session_missing, session_over */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description internal */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description store_failed */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    signIn: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SignInInput"];
            };
        };
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            /** @description invalid_request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description key_invalid, password_wrong */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description csrf_refused */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description password_unset */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description too_many_sign_ins */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description internal */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description store_failed */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    signOut: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description invalid_request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description csrf_refused */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description internal */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description store_failed */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    setUp: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SetUpInput"];
            };
        };
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            /** @description password_unfit, invalid_request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description setup_token_invalid */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description csrf_refused */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description too_many_sign_ins */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description internal */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description store_failed */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    changePassword: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PasswordChangeInput"];
            };
        };
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description password_unfit, invalid_request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description key_missing, key_invalid, session_over, password_wrong */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description key_scope, csrf_refused */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description too_many_sign_ins */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description internal */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description store_failed */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    createSetUpToken: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SetUpToken"];
                };
            };
            /** @description invalid_request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description key_missing, key_invalid, session_over */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description key_scope, csrf_refused */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description internal */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description store_failed */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    listNodes: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Node"][];
                        /** @description null: this was the last page */
                        nextCursor: string | null;
                    };
                };
            };
            /** @description invalid_request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description key_missing, key_invalid, session_over */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description key_scope, csrf_refused */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description internal */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description store_failed */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getOverview: {
        parameters: {
            query?: {
                /** @description Where the first bucket begins. Default: a day ago, or 30 days with `bucket=day` */
                since?: string;
                /** @description Default: now */
                until?: string;
                /** @description Buckets follow one another from `since`; 100 at most */
                bucket?: "hour" | "day";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Overview"];
                };
            };
            /** @description invalid_request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description key_missing, key_invalid, session_over */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description key_scope, csrf_refused */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description internal */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description store_failed */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    health: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        status: "ok";
                        liveCalls: number;
                    };
                };
            };
            /** @description invalid_request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description internal */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description store_failed */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    readiness: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        status: "ready";
                    };
                };
            };
            /** @description invalid_request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description internal */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description store_failed */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    metrics: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Prometheus text format */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
            /** @description invalid_request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description internal */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description store_failed */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    writeDialplan: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DialplanRequestInput"];
            };
        };
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Dialplan"];
                };
            };
            /** @description invalid_request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description key_missing, key_invalid, session_over */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description key_scope, csrf_refused */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description assistant_not_found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description internal */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description store_failed */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    listReleases: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: string[];
                        nextCursor: null;
                    };
                };
            };
            /** @description invalid_request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description internal */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description store_failed */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    openapi: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
            /** @description invalid_request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description internal */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description store_failed */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
}
