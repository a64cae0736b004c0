import { defineConfig } from 'vite'
import { webrtcDialRacePatch } from '../../../packages/network/src/vite-plugin.ts'

/** What is measured dials as the app does. */
export default defineConfig({ plugins: [webrtcDialRacePatch()] })
