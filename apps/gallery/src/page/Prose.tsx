/** Prose in which `backquotes` mark code, and **pairs of stars** what is to be seen first. */
export const Prose = ({ text }: { readonly text: string }) => (
  <>
    {text
      .split(/(`[^`]+`|\*\*\S[^*]*\S\*\*)/)
      .map((piece, i) =>
        i % 2 === 0 ? (
          piece
        ) : piece.startsWith("`") ? (
          <code key={i}>{piece.slice(1, -1)}</code>
        ) : (
          <strong key={i}>{piece.slice(2, -2)}</strong>
        ),
      )}
  </>
)
