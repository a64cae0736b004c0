import type { DeviceId } from '@auzolan/core'
import type { SheetState } from '@auzolan/trust'
import type { Group } from '../group/group.ts'

/** Sheets by which this person can come back. */
export const liveSheets = ({ me, workspace }: Group): readonly (readonly [DeviceId, SheetState])[] =>
  [...workspace.log.state.sheets].filter(
    ([, { member, cancelled, used }]) => member === me && !cancelled && used.length === 0,
  )
