import './ipc/zod-without-eval.ts';
import { mount } from 'svelte';
import Root from './Root.svelte';
import './styles/tokens.css';
import './styles/base.css';
import './styles/controls.css';
import './styles/layout.css';

mount(Root, { target: document.body });
