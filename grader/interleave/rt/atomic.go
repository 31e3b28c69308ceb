package rt

func AtomicLoad[P, R any](op func(*P) R, p *P) R                          { return op(p) }
func AtomicStore[P, A any](op func(*P, A), p *P, a A)                     { op(p, a) }
func AtomicUpdate1[P, A, R any](op func(*P, A) R, p *P, a A) R            { return op(p, a) }
func AtomicUpdate2[P, A, B, R any](op func(*P, A, B) R, p *P, a A, b B) R { return op(p, a, b) }
func At[F any](f F, object any, write bool) F                             { return f }
