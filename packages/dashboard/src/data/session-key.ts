/** Where the session stands among what was read; null: nobody is signed in. */
export const SESSION_KEY = ['session'] as const;
