package dev.thaw.scheduler.frontend;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.CompositeByteBuf;

/**
 * A body that comes in several pieces: a list of the slices that they are. Whoever releases it last, on whatever way
 * it went, gives its share of the budget back by that.
 *
 * <p>Threading: pieces are added on the connection's event loop, before the body is handed over.
 */
final class RequestBody extends CompositeByteBuf {
    /** A piece counts for this at least: it has objects of its own and holds the whole buffer that it was read into. */
    static final int MIN_PIECE_BYTES = 1_024;

    private final BodyBudget budget;
    private long countedBytes;

    RequestBody(ByteBufAllocator alloc, BodyBudget budget) {
        super(alloc, true, Integer.MAX_VALUE);
        this.budget = budget;
    }

    /** Takes the piece, which the caller keeps its own hold of. False where the budget has no room for it. */
    boolean add(ByteBuf piece) {
        int bytes = Math.max(piece.readableBytes(), MIN_PIECE_BYTES);
        if (!budget.take(bytes)) {
            return false;
        }
        countedBytes += bytes;
        addComponent(true, piece.retain());
        return true;
    }

    @Override
    protected void deallocate() {
        super.deallocate();
        budget.giveBack(countedBytes);
    }
}
