// Measures a page of the report in a browser and tells the frame around it.
addEventListener('load', () => {
  const rgb = s => (s.match(/[\d.]+/g) || [0, 0, 0, 0]).map(Number)
  const light = ([r, g, b]) => {
    const [x, y, z] = [r, g, b].map(v => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    return 0.2126 * x + 0.7152 * y + 0.0722 * z
  }
  const background = e => {
    for (; e; e = e.parentElement) {
      const c = rgb(getComputedStyle(e).backgroundColor)
      if (c.length === 3 || c[3] > 0) return c
    }
    return [255, 255, 255]
  }
  const all = [...document.querySelectorAll('body *:not(script)')]
  const own = e => [...e.childNodes].filter(n => n.nodeType === 3).map(n => n.data.trim()).join('')
  const out = { Faint: [], Unreachable: [], Foreign: [], Duplicates: [], Headless: 0, Scopeless: 0 }
  document.querySelectorAll('details').forEach(d => { d.open = true })
  for (const e of all) {
    if (own(e) && e.getClientRects().length && !['STYLE', 'TITLE'].includes(e.tagName)) {
      const a = light(rgb(getComputedStyle(e).color)), b = light(background(e))
      const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)
      if (contrast < 4.5) out.Faint.push(contrast.toFixed(2) + ' ' + e.tagName + '.' + e.className + ' ' + own(e).slice(0, 40))
    }
    const style = getComputedStyle(e)
    if (['auto', 'scroll'].includes(style.overflowX) && e.tabIndex < 0) out.Unreachable.push(e.tagName + '.' + e.className)
    if (e.matches('script,img,iframe,object,embed,link,form,input,button,video,audio,svg,base,meta')) out.Foreign.push(e.outerHTML.slice(0, 100))
    for (const a of e.attributes) if (a.name.startsWith('on') || /^\s*(javascript|data|https?):/i.test(a.value)) out.Foreign.push(a.name + '=' + a.value.slice(0, 60))
  }
  for (const td of document.querySelectorAll('td')) {
    const table = td.closest('table')
    const column = table.tHead && table.tHead.rows[0].cells[td.cellIndex]
    const row = td.parentElement.querySelector('th[scope=row]')
    if (!column || !row) out.Headless++
  }
  out.Scopeless = document.querySelectorAll('th:not([scope])').length
  const ids = [...document.querySelectorAll('[id]')].map(e => e.id)
  out.Duplicates = [...new Set(ids.filter((id, i) => ids.indexOf(id) !== i))]
  out.Width = document.documentElement.scrollWidth
  out.Window = document.documentElement.clientWidth
  out.Dark = matchMedia('(prefers-color-scheme: dark)').matches
  out.Students = document.querySelectorAll('.heat tbody tr').length
  out.Text = document.body.innerText.slice(0, 100000)
  parent.postMessage(JSON.stringify(out), '*')
})
