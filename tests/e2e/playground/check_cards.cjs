// node check_cards.cjs cards.json: reads {name: card} with the parser of the library that Teams'
// web client is built on, and prints what it finds wrong. Charts are not known to it.
const { AdaptiveCard, SerializationContext, Versions } = require('adaptivecards/dist/adaptivecards.js')
const { readFileSync } = require('node:fs')

let wrong = 0
for (const [name, json] of Object.entries(JSON.parse(readFileSync(process.argv[2], 'utf8')))) {
  const card = new AdaptiveCard()
  const context = new SerializationContext(Versions.v1_5)
  card.parse(json, context)
  const events = [...Array(context.eventCount).keys()].map(index => context.getEventAt(index))
  for (const event of [...events, ...card.validateProperties().validationEvents]) {
    console.log(`${name}: ${event.message}`)
    wrong += 1
  }
}
process.exit(wrong ? 1 : 0)
