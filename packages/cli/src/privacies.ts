/** Who may see something: the words of the shell, and CARTO's own. A dataset has no password. */
export const privacies = { public: "PUBLIC", link: "LINK", private: "PRIVATE", password: "PASSWORD" } as const
