/** One numbered change of the schema; a released one is never edited. */
export interface Migration {
  /** 1, 2, 3, … without gaps; becomes the database's `user_version`. */
  readonly version: number;
  readonly name: string;
  readonly sql: string;
}
