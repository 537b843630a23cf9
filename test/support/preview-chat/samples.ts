// Texts that show everything an answer may hold.
export const RICH = `Photosynthesis turns **light** into *chemical energy*. In short:

1. Light excites electrons in \`chlorophyll\`.
2. Water is split, and oxygen leaves:
   - in the *thylakoid membrane*
   - at photosystem II
3. The Calvin cycle makes sugar.

## A table

| Stage | Where | Yields | Energy (kJ/mol) |
|:------|:------|:-------|------:|
| Light reactions | Thylakoid membrane | ATP and NADPH | 2,870 |
| Calvin cycle | Stroma | \`G3P\` | 1,210 |
| Transport | Phloem | Sucrose | 46.5 |

The overall reaction costs between $5 and $10 per lamp, and reads

$$
6\\,\\mathrm{CO_2} + 6\\,\\mathrm{H_2O} \\xrightarrow{h\\nu} \\mathrm{C_6H_{12}O_6} + 6\\,\\mathrm{O_2}
$$

where \\(h\\nu\\) is a photon and $E = h\\nu \\approx 3 \\times 10^{-19}$ J.

\`\`\`python
def fibonacci(limit: int) -> list[int]:
    """All Fibonacci numbers below the limit."""
    numbers = [0, 1]
    while (following := numbers[-1] + numbers[-2]) < limit:
        numbers.append(following)  # grows
    return numbers

print(f"{len(fibonacci(1_000))} numbers")
\`\`\`

> A quotation that goes on for a while, so that one can see how its lines are set
> and where they break.

- [x] Read the [article](https://example.org/photosynthesis?lang=en)
- [ ] Try <b>raw HTML</b> and ![a leaf](https://example.org/leaf.png)

---

That is all.`;

export const ARABIC = `تُعدّ **عملية التمثيل الضوئي** من أهم العمليات الحيوية. تستخدم النباتات \`chlorophyll\` لامتصاص الضوء.

1. امتصاص الضوء
2. تحليل الماء (H2O)

> النص المقتبس يظهر من اليمين إلى اليسار.

And an English paragraph in between.`;

export const LONG = Array.from(
  { length: 40 },
  (_, index) =>
    `${index % 7 === 0 ? `## Part ${index / 7 + 1}\n\n` : ''}The river had been there before the town, and would be there after it. Nobody who lived on its banks thought of this often, but in spring, when it rose, *everyone* did, and moved what they could carry to the upper floor.`,
).join('\n\n');

/** What a model keeps of a long conversation. */
export const NOTE = `The user plans a garden behind a house in Lyon: 40 m², north side, shade from noon on, clay soil.
Decided: ferns, hostas and a Japanese maple; no lawn; a bench under the wall. Budget 900 €, of which 260 € are spent.
Likes white flowers, dislikes gravel. Still open: how to drain the corner by the steps, and whether hydrangeas survive there.
`;
