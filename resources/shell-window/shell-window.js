/* global window, document */
// Shows what the main process tells through the port, and asks it for two things: cancel, and close.
const bridge = window.isolde
const title = document.getElementById('title')
const detail = document.getElementById('detail')
const bar = document.getElementById('bar')
const lines = document.getElementById('lines')
const button = document.getElementById('button')
let isDone = false

function ask() {
  if (isDone) bridge.post({ type: 'command', id: 1, name: 'close', input: {} })
  else {
    button.disabled = true
    bridge.post({ type: 'cancel', id: 0 })
  }
}

bridge.listen((view) => {
  isDone = view.isDone
  document.title = view.title
  document.documentElement.lang = view.language
  document.documentElement.dir = view.direction
  if (title.textContent !== view.title) title.textContent = view.title
  title.className = view.isBad ? 'bad' : ''
  detail.textContent = view.detail
  if (view.fraction === null) bar.removeAttribute('value')
  else bar.value = view.fraction
  bar.hidden = view.isDone
  // As text: names come out of images.
  if (lines.childElementCount !== view.lines.length)
    lines.replaceChildren(
      ...view.lines.map((line) => {
        const item = document.createElement('li')
        item.textContent = line
        return item
      }),
    )
  button.textContent = view.button
  if (isDone) {
    button.disabled = false
    button.focus()
  }
})

button.addEventListener('click', ask)
window.addEventListener('keydown', (event) => {
  if (event.key === 'Escape') ask()
})
