import { checkBackend } from './check-backend.ts';

checkBackend('cpu');
