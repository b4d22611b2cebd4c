import { z } from 'zod';

// zod would compile its checks with `new Function`, which the page's content security policy forbids; it decides when
// a schema is made, so the page's entry imports this module before any other.
z.config({ jitless: true });
