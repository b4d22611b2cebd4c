import type { AnswerBody, RequestBody, RequestName } from '../../src-shared/ipc/contract.ts';
import type { HostRequestName } from '../../src-shared/ipc/contract/hosts.ts';

/** Answers one kind of request. What it throws reaches the page as a typed error. */
export type Handler<Name extends RequestName> = (
  body: RequestBody<Name>,
) => AnswerBody<Name> | Promise<AnswerBody<Name>>;

/** One handler for every request that a studio answers; a missing one is a type error. */
export type Handlers = { readonly [Name in Exclude<RequestName, HostRequestName>]: Handler<Name> };

/** What the shell in front of it answers itself: which host its pages see. */
export type HostHandlers = { readonly [Name in HostRequestName]: Handler<Name> };

/** The handlers of one area of the contract, e.g. `HandlersOf<typeof RUN_REQUESTS>`. */
export type HandlersOf<Requests> = Pick<Handlers, keyof Requests & keyof Handlers>;
