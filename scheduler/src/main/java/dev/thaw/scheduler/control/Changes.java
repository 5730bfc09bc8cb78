package dev.thaw.scheduler.control;

/**
 * What an operation has changed and is not yet durable.
 *
 * <p>Threading: the control plane's thread.
 */
public interface Changes {
    /** Nothing is kept. */
    Changes NONE = new Changes() {
        @Override
        public void commit() {}

        @Override
        public void rollback() {}
    };

    /** Makes them durable; throws where that failed, and then they are undone. */
    void commit();

    /** Undoes them. */
    void rollback();
}
