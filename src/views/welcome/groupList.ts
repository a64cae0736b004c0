import { withTexts } from '../../words/translations.ts'

/** Not written in the component itself: sv-router takes a component whose compiled source holds a lambda that imports for a lazy route. */
export const loadGroupList = () => withTexts(() => import('./GroupList.svelte'))
