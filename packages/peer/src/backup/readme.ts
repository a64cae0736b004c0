/** The first thing somebody reads who opens a backup without this app. */
export const README = `# A backup made by Auzolan

Everything in here can be read without Auzolan, and without any network.

- \`groups/\` has a folder for each group:
  - \`initiatives/*.md\`: each initiative with its plan, its actions, who took them, and what was said, as text
  - \`initiatives/*.json\`: the same as data
  - \`actions.csv\`, \`people.csv\`: tables for a spreadsheet
  - \`calendar.ics\`: what has a day and an hour, for a calendar
  - \`talk.md\`, \`talk.json\`: the group's talk
  - \`group.json\`, \`people.json\`, \`decisions.json\`: name and purpose, who is in, what was decided and by whom
  - \`documents/*.automerge\`: the texts with their history, for programs that use Automerge
- \`log/\` has everything that was said, written and decided, signed by whoever did. This is what Auzolan puts back.
- \`manifest.json\` lists every file with its length and SHA-256.
- \`secrets.locked\`, if it is there, lets one new device in as the person who made this backup. It opens with six words that were shown
  when the backup was made. Nobody can open it without them, and nobody can find them again.

To put it back: open Auzolan, choose "I have a backup", and pick this file. What is on the device already stays as it is.

Whoever has this file can read all of it except \`secrets.locked\`. Keep it where you would keep letters.
`
